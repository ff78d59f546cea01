/** What a shop's page sees: the types of `create`, of the client it returns, and of every answer. */
import type {
  Backend,
  Broken,
  ConsentState,
  Declined,
  DeviceData,
  EngineEvent,
  EngineStatus,
  EventName,
  Explanation,
  LiveConfig,
  RankingSettings,
  Reason,
  Signal,
  Source,
  Why,
} from '../worker/protocol.js'

export type {
  Attributes,
  AttributeValue,
  Backend,
  Broken,
  Condition,
  ConsentState,
  Declined,
  DeviceData,
  EngineStatus,
  EventItem,
  EventName,
  Explanation,
  ItemFacts,
  LiveConfig,
  PackState,
  RankingSettings,
  Reason,
  Rule,
  RuleEffect,
  Signal,
  Source,
  Why,
  WireEvent,
} from '../worker/protocol.js'

export interface Options {
  /** The pack's folder, as `nearside train` wrote it: an http(s) URL, or a path that the page resolves. */
  pack: string
  /**
   * What the visitor has decided. Default `'auto'`: denied under Global Privacy Control, otherwise what
   * `consent.grant` or `consent.deny` stored earlier, otherwise unknown. If the shop's own consent manager keeps the
   * decision, pass its state here.
   */
  consent?: 'auto' | ConsentState | undefined
  /** Record a denial too, so that later pages do not ask again. Default false: only a grant is recorded. */
  remember?: boolean | undefined
  /** Milliseconds that `rank`, `recommend`, `similar` and `explain` may take. Then the page goes on. Default 250. */
  timeout?: number | undefined
  /** Ed25519 public key of the shop's packs: base64 of 32 bytes. With a key, packs that are not signed with it are refused. */
  key?: string | undefined
  /** What computes the scores. Default `'auto'`: WASM SIMD if the browser has it, else JavaScript. The results are the same. */
  backend?: Backend | undefined
  /** How many days events are kept under a grant, and how many events at most. Default 180 days and 5,000 events. */
  retention?: { days?: number | undefined; events?: number | undefined } | undefined
  /** A pack of more bytes than this, decoded, is refused. Default 67,108,864 (64 MB). */
  maxPackBytes?: number | undefined
  /** How all lists are made: rules, variety, reasons. A slot and a call may say more. */
  ranking?: RankingSettings | undefined
  /** The same for single slots, by their names. What a slot says wins; rules of both hold together. */
  slots?: Readonly<Record<string, RankingSettings>> | undefined
  /**
   * The live file, as `nearside live` wrote it: its address, or an object that also says how often it is asked for. It loads one
   * more file, `live.js`. Default: none.
   */
  live?: string | LiveConfig | undefined
  /** How strongly each signal speaks for an item, from -1 to 1, where that differs from the pack's. */
  strengths?: Partial<Record<Signal, number>> | undefined
  /**
   * Where `worker.js` is served. Default: beside the SDK's own file. If it is on another origin than the page, it is
   * started through a Blob. A Content Security Policy must allow that (`worker-src blob:`).
   */
  workerUrl?: string | URL | undefined
  /**
   * Where `live.js` and `shape.js` are served, if not beside `worker.js`. They are loaded only where they are needed: with
   * `live`, and with settings of lists such as rules.
   */
  parts?: { asked?: string | undefined; live?: string | undefined; shape?: string | undefined } | undefined
  /**
   * Explain in the console what nearside did not do, and why: dropped events, lists in the server's order, unknown
   * options. This loads one more file, `debug.js`, so leave it off on the live site. Default false.
   */
  debug?: boolean | undefined
}

/** An item's id in the shop. A text has at most 256 characters and no line breaks. `7`, `7n` and `'7'` are the same id. */
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
  /** The list itself: the `requestId` of its ranking. Without it, the last list that showed the item in that slot counts. */
  requestId?: string | undefined
  /** For `user_engagement`: how long the visitor had the items in view, in milliseconds (GA4's name). */
  engagement_time_msec?: number | string | undefined
  /** For a purchase: the same id counts once, however often the page sends it. At most 100 characters. */
  transaction_id?: string | number | undefined
  [field: string]: unknown
}

/** What a visitor says they like. All names are spelt as in the shop's catalogue. */
export interface Tastes {
  categories?: Iterable<string> | undefined
  brands?: Iterable<string> | undefined
  items?: Iterable<ItemId> | undefined
  /** The range of prices; either end may be absent. */
  price?: { min?: number | string | undefined; max?: number | string | undefined } | undefined
}

interface Timed {
  /** The place on the page that the list is for. Events that name the same slot belong to this list. Default `'default'`. */
  slot?: string | undefined
  /** Milliseconds to wait for an answer. Then the page goes on without it. Default: the client's `timeout`. */
  timeout?: number | undefined
}

export interface RankOptions<T> extends Timed, RankingSettings {
  /** How many positions at the top get the device's order; the rest follow in the server's order. Default: all. */
  limit?: number | undefined
  /** Returns the item's id. Default: `item.id`, else `item.item_id`, else the item itself if it is an id. */
  key?: ((item: T) => ItemId | null | undefined) | undefined
  /**
   * Returns what is to be known of the item beside its id, for rules, variety and items that the pack lacks. Texts of at most
   * 256 characters, numbers, booleans, or lists of texts. Default: the item's own fields `title`, `category`, `brand`,
   * `price` and `available`.
   */
  facts?: ((item: T) => { readonly [name: string]: unknown } | null | undefined) | undefined
  /** Returns the server's own score of the item, higher is better. Items without one are judged by their position alone. */
  score?: ((item: T) => number | string | null | undefined) | undefined
  /** Says whether the item keeps its position, for example because the visitor has seen it there. */
  fixed?: ((item: T, index: number) => boolean) | undefined
}

export interface RecommendOptions extends Timed, RankingSettings {
  /** How many items are wanted. Default 10. */
  limit?: number | undefined
  /** Ids that must not come back, for example what the page shows already. */
  exclude?: Iterable<ItemId> | undefined
  /**
   * Ask for what goes with these ids, instead of with the running session. On a basket page, pass all items of the basket.
   * Their order does not matter, and none of them comes back.
   */
  seeds?: Iterable<ItemId> | undefined
}

export interface SimilarOptions extends Timed, RankingSettings {
  /** How many items are wanted. Default 10. */
  limit?: number | undefined
  /** Ids that must not come back. */
  exclude?: Iterable<ItemId> | undefined
}

/** One item of an answer. */
export interface RankedItem<T> {
  /** From `rank`: the object that was passed in, not a copy. Otherwise the id. */
  item: T
  /** The item's id; `''` if it has none. */
  id: string
  /** The device's score. Compare it only with other items of the same answer. 0 if the server's order stands. */
  score: number
  /** From 0. */
  position: number
  /** Why the item is at this position, strongest reason first. Empty if the server's order stands. */
  reasons: Reason[]
  /** Where the item came from. `'server'` for every item of `rank`, because `rank` adds no items. */
  source: Source
}

/** Who ordered a list. If it was the server, `why` says why the device did not. */
export type Outcome = { by: 'device'; why?: never } | { by: 'server'; why: Why }

/** There is always a list: in the device's order, or in the server's order with the reason for it. */
export type Result<T> = Outcome & {
  items: RankedItem<T>[]
  /** The rules that do not hold in this list, because stronger ones stand against them. Absent if all hold. */
  broken?: Broken[] | undefined
  /** Unique to this list. Events that carry it belong to this list. */
  requestId: string
}

export interface Status extends EngineStatus {
  /**
   * `failed`: the worker could not be started, or died too often on this page; `error` says more. If the worker does not
   * answer, the page fills in what it knows itself: the consent. It knows nothing of pack, events and storage.
   */
  worker: 'idle' | 'starting' | 'running' | 'restarting' | 'failed' | 'stopped'
  /** How often the worker was restarted on this page. */
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
 * Why a list of the page was not re-ordered. `seen`: its items have been on the screen; `focus`: the keyboard's
 * focus is in it; `changed`: the page has changed it meanwhile; `empty`: it has no items; `no-ids`: none of its items
 * has an id.
 */
export type Untouched = 'seen' | 'focus' | 'changed' | 'empty' | 'no-ids'

/** Sent once for every list with `data-nearside-rank`, when it is decided who orders it. */
export interface ListEvent {
  type: 'list'
  slot: string
  /** `device`: the list was re-ordered; `server`: it was left as it came, and `why` says why. */
  by: 'device' | 'server'
  why?: Why | Untouched
  /** The `requestId` of the ranking; absent if no ranking was asked for. */
  requestId?: string
  /** How many items of a re-ordered list stayed in their places, because they have been on the screen or are above it. */
  fixed?: number
}

/**
 * What `on` can listen to: `ready`, `progress`, `pack-error`, `disabled`, `trouble`, `consent`, `forgotten`, `ranked` and
 * `list`.
 */
export type NearsideEvent = EngineEvent | RankedEvent | ListEvent

export interface Consent {
  /** `unknown` until decided. Reading it never writes anything. */
  readonly state: ConsentState
  /** The visitor agrees. Events and pack are stored on this device, and what this page has learned before is kept. */
  grant(purpose?: 'personalization'): void
  /** The visitor refuses. What is stored or in memory is erased, in every open page, and nothing more is learned. */
  deny(): void
}

/** No method throws, and no promise that a method returns rejects. */
export interface Nearside {
  /** Tells the device what the visitor does, with GA4's event names and item fields. Other names are ignored. */
  track(name: EventName | (string & {}), details?: TrackDetails): void
  /**
   * Tells the device what the visitor says they like, for example in the shop's first questions. What is said later replaces
   * what was said before; `prefer({})` takes it back.
   */
  prefer(tastes: Tastes): void
  /** Orders the shop's own list for this visitor. Every object that is passed in comes back exactly once, unless a rule with `remove: true` is against it. */
  rank<T>(items: Iterable<T>, options?: RankOptions<T>): Promise<Result<T>>
  /** Picks items of the whole pack for this visitor, as ids. Empty if the device has no answer. */
  recommend(options?: RecommendOptions): Promise<Result<string>>
  /** Finds items like the given one, as ids. Empty if the device has no answer. */
  similar(id: ItemId, options?: SimilarOptions): Promise<Result<string>>
  /** Says what speaks for an item, or `{ by: 'server', why }` if the device has no answer. */
  explain(id: ItemId, options?: { timeout?: number | undefined }): Promise<Explanation | Declined>
  readonly consent: Consent
  /** Returns everything that the device holds about the visitor, or null if the worker could not be asked. */
  export(): Promise<DeviceData | null>
  /**
   * Erases everything, or what concerns one item. The consent decision stays. Resolves with true when that is done, and
   * with false if something could not be erased or the worker could not be asked. An argument that is not clear erases
   * nothing and gives false.
   */
  forget(what?: { item: ItemId }): Promise<boolean>
  /** Reports the state of the worker, the pack and the storage. */
  status(): Promise<Status>
  /**
   * Listens to an event.
   * @returns a function that ends the subscription
   */
  on<K extends NearsideEvent['type']>(
    type: K,
    listener: (event: Extract<NearsideEvent, { type: K }>) => void,
  ): () => void
  /** Ends the worker and stops listening to the page. Later calls answer with the server's order. */
  destroy(): void
}
