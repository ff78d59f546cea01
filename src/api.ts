/** What a shop's page sees: the types of `create`, of the client it returns, and of every answer. */
import type {
  Backend,
  ConsentState,
  Declined,
  DeviceData,
  EngineEvent,
  EngineStatus,
  EventName,
  Explanation,
  Reason,
  Source,
  Why,
} from '../worker/protocol.js'

export type {
  Backend,
  ConsentState,
  Declined,
  DeviceData,
  EngineStatus,
  EventItem,
  EventName,
  Explanation,
  ItemFacts,
  PackState,
  Reason,
  Source,
  Why,
  WireEvent,
} from '../worker/protocol.js'

export interface Options {
  /** The pack's folder, as `nearside train` wrote it: an http(s) URL, or a path that the page resolves. */
  pack: string
  /**
   * What the visitor has decided. Default `'auto'`: denied under Global Privacy Control, else what
   * `consent.grant` or `consent.deny` stored earlier, else unknown. Pass the state itself where the shop's own
   * consent manager keeps it.
   */
  consent?: 'auto' | ConsentState | undefined
  /** Keep a denial too, so that later pages do not ask again. Default false: only a grant is ever written. */
  remember?: boolean | undefined
  /** Milliseconds that `rank`, `recommend`, `similar` and `explain` may take before the page goes on. Default 250. */
  timeout?: number | undefined
  /** Ed25519 public key of the shop's packs, base64 of 32 bytes. With it, a pack that it has not signed is refused. */
  key?: string | undefined
  /** What computes the scores. Default `'auto'`: WASM SIMD where the browser has it, else JavaScript with the same results. */
  backend?: Backend | undefined
  /** How many days events are kept under a grant, and how many events at most. Default 180 days and 5,000 events. */
  retention?: { days?: number | undefined; events?: number | undefined } | undefined
  /** A pack of more bytes than this, decoded, is refused. Default 67,108,864 (64 MB). */
  maxPackBytes?: number | undefined
  /**
   * Where `worker.js` is served. Default: beside the SDK's own file. From another origin than the page's it is
   * started through a Blob, which a Content Security Policy must allow (`worker-src blob:`).
   */
  workerUrl?: string | URL | undefined
  /**
   * Explain in the console what nearside leaves undone and why: dropped events, lists in the server's order, unknown
   * options. Loads one more file, `debug.js`, so leave it out on the live site. Default false.
   */
  debug?: boolean | undefined
}

/** An item's id as a shop may have it. Texts of up to 256 characters without line breaks; `7`, `7n` and `'7'` are one id. */
export type ItemId = string | number | bigint

/** An item as GA4 describes it. Fields that are not named here are ignored and never leave the call. */
export interface TrackedItem {
  item_id: ItemId
  price?: number | string | undefined
  quantity?: number | string | undefined
  /** Position in the list, from 0. */
  index?: number | undefined
  [field: string]: unknown
}

/** The parameters of a GA4 event, and our own names for the list and the query. */
export interface TrackDetails {
  items?: readonly TrackedItem[] | undefined
  /** Search terms of `view_search_results`. */
  query?: string | undefined
  /** GA4's name for `query`. */
  search_term?: string | undefined
  /** The list that an impression or a click belongs to: the `slot` given to `rank`. */
  slot?: string | undefined
  /** GA4's name for `slot`. */
  item_list_id?: string | undefined
  /** The list itself: the `requestId` of its ranking. Without it, the last list that showed the item in that slot. */
  requestId?: string | undefined
  /** Of a purchase: the same id counts once, however often the page tells it. At most 100 characters. */
  transaction_id?: string | number | undefined
  [field: string]: unknown
}

interface Timed {
  /** The place on the page that the list is for. Events name it to belong to the list. Default `'default'`. */
  slot?: string | undefined
  /** Milliseconds until the page goes on without an answer. Default: the client's `timeout`. */
  timeout?: number | undefined
}

export interface RankOptions<T> extends Timed {
  /** How many leading positions are optimised; the rest follow in the server's order. Default: all. */
  limit?: number | undefined
  /** The item's id. Default: `item.id`, else `item.item_id`, else the item itself where it is an id. */
  key?: ((item: T) => ItemId | null | undefined) | undefined
}

export interface RecommendOptions extends Timed {
  /** How many items are wanted. Default 10. */
  limit?: number | undefined
  /** Ids that must not come back: what the page shows already. */
  exclude?: Iterable<ItemId> | undefined
  /**
   * Ask for what goes with these ids instead of with the running session: all that the basket holds, on its page. Their
   * order means nothing, and none of them comes back.
   */
  seeds?: Iterable<ItemId> | undefined
}

export interface SimilarOptions extends Timed {
  /** How many items are wanted. Default 10. */
  limit?: number | undefined
  /** Ids that must not come back. */
  exclude?: Iterable<ItemId> | undefined
}

/** One item of an answer. */
export interface RankedItem<T> {
  /** From `rank`: the very object that was passed in. Otherwise the id. */
  item: T
  /** The item's id; `''` where it has none. */
  id: string
  /** The device's score. It compares items of one answer only. 0 where the server's order stands. */
  score: number
  /** From 0. */
  position: number
  /** Why the item stands here, strongest first. Empty where the server's order stands. */
  reasons: Reason[]
  /** What put the item forward: `'server'` for every item of `rank`, which adds none of its own. */
  source: Source
}

/** Who ordered a list: the device, or the server, and then why the device did not. */
export type Outcome = { by: 'device'; why?: never } | { by: 'server'; why: Why }

/** A list, always: the device's, or the server's order and the reason why it stands. */
export type Result<T> = Outcome & {
  items: RankedItem<T>[]
  /** Names this list and no other. Events that carry it belong to this list. */
  requestId: string
}

export interface Status extends EngineStatus {
  /**
   * `failed`: the worker could not be started, or died too often on this page; `error` says how. If the worker does not
   * answer, the other fields hold what the page knows: the consent, and nothing of pack, events and storage.
   */
  worker: 'idle' | 'starting' | 'running' | 'restarting' | 'failed' | 'stopped'
  /** How often the worker was started anew on this page. */
  restarts: number
  /** The last thing that went wrong with the worker or with the options, in words. */
  error?: string
}

/** Sent after every `rank`, `recommend` and `similar`. */
export interface RankedEvent {
  type: 'ranked'
  method: 'rank' | 'recommend' | 'similar'
  slot: string
  requestId: string
  by: 'device' | 'server'
  why?: Why
  /** Milliseconds from call to answer, by the page's clock. */
  ms: number
}

/**
 * Why a list of the page kept the server's order although the device had another. `seen`: an item of it has been on the
 * screen; `focus`: the keyboard is in it; `changed`: the page has changed it meanwhile; `empty`: it has no items;
 * `no-ids`: none of its items has an id.
 */
export type Untouched = 'seen' | 'focus' | 'changed' | 'empty' | 'no-ids'

/** Sent once for every list with `data-nearside-rank`, when it has been decided. */
export interface ListEvent {
  type: 'list'
  slot: string
  /** `device`: the list was re-ordered; `server`: it was left as it came, and `why` says why. */
  by: 'device' | 'server'
  why?: Why | Untouched
  /** That of the ranking; absent where none was asked for. */
  requestId?: string
}

/**
 * What `on` can listen to: `ready`, `progress`, `pack-error`, `disabled`, `trouble`, `consent`, `forgotten`, `ranked` and
 * `list`.
 */
export type NearsideEvent = EngineEvent | RankedEvent | ListEvent

export interface Consent {
  /** `unknown` until decided. Reading it never writes anything. */
  readonly state: ConsentState
  /** The visitor agrees: events and pack are stored on this device, and what this page has learned is kept. */
  grant(purpose?: 'personalization'): void
  /** The visitor refuses: what is stored and in memory is erased, in every open page, and nothing more is learned. */
  deny(): void
}

/** No method ever throws, and no promise of it ever rejects. */
export interface Nearside {
  /** Tells the device what the visitor does: GA4's event names and item fields. Other names are ignored. */
  track(name: EventName | (string & {}), details?: TrackDetails): void
  /** The shop's own list in the order that suits this visitor: every object passed in, exactly once. */
  rank<T>(items: Iterable<T>, options?: RankOptions<T>): Promise<Result<T>>
  /** Items of the whole pack for this visitor, as ids; empty where the device has no answer. */
  recommend(options?: RecommendOptions): Promise<Result<string>>
  /** Items like the given one, as ids; empty where the device has no answer. */
  similar(id: ItemId, options?: SimilarOptions): Promise<Result<string>>
  /** What speaks for an item, or `{ by: 'server', why }` where the device has no answer. */
  explain(id: ItemId, options?: { timeout?: number | undefined }): Promise<Explanation | Declined>
  readonly consent: Consent
  /** Everything the device holds of the visitor; null when the worker could not be asked. */
  export(): Promise<DeviceData | null>
  /**
   * Erases everything, or what concerns one item; the decision stays. Resolves with true when that is done. False when
   * something could not be erased, when the worker could not be asked, or when the argument is neither nothing nor
   * `{ item }`: then nothing was erased.
   */
  forget(what?: { item: ItemId }): Promise<boolean>
  /** How the worker, the pack and the storage are. */
  status(): Promise<Status>
  /**
   * Listens to an event.
   * @returns a function that ends the subscription
   */
  on<K extends NearsideEvent['type']>(
    type: K,
    listener: (event: Extract<NearsideEvent, { type: K }>) => void,
  ): () => void
  /** Ends the worker, and listens to the page no more. Later calls answer with the server's order. */
  destroy(): void
}
