/**
 * Everything that crosses the thread between the page (`src/`) and the engine (`worker/`), and nothing else.
 * All of it survives structured clone; the shop's own objects never cross, only their ids.
 */

/** `unknown` until the visitor or the shop decides. See the README's section on consent. */
export type ConsentState = 'unknown' | 'granted' | 'denied'

/** What the page knows of the visitor's decision. */
export interface Decision {
  state: ConsentState
  /**
   * The record of a grant that stands on this device, as the page keeps it; another grant has another record. Stored data
   * belongs to the grant under which it was stored. With `granted`: data may be stored. With `unknown`: the consent manager
   * has not spoken yet, so stored data is neither read nor added to nor erased. Absent: nothing may stay stored.
   */
  grant?: string | undefined
}

/** GA4's event names (https://developers.google.com/analytics/devguides/collection/ga4/reference/events) and our own. */
export type EventName =
  | 'view_item'
  | 'select_item'
  | 'view_item_list'
  | 'add_to_cart'
  | 'remove_from_cart'
  | 'add_to_wishlist'
  | 'purchase'
  | 'refund'
  | 'view_search_results'
  | 'less_like_this'

/** What an event says of one item: the fields of GA4's `items` that the engine uses. */
export interface EventItem {
  item_id: string
  price?: number
  quantity?: number
  /** Position in the list that the event belongs to, from 0 (GA4's `index`). */
  position?: number
}

/** One event. The page checks its shape; the worker, which trusts no page, checks it again. */
export interface WireEvent {
  /** Unique per event. Storage refuses a second event of the same id, which makes a replay exactly-once. */
  id: string
  name: EventName
  /** Unix milliseconds by the page's clock. */
  time: number
  items: EventItem[]
  /** Search terms, for `view_search_results`. */
  query?: string
  /** The place on the page of the list that an impression or a click belongs to. */
  slot?: string
  /** That list itself: the `requestId` of the ranking. The engine adds it where only the slot is known. */
  requestId?: string
}

/** A list as the visitor was shown it. */
export interface ShownList {
  requestId: string
  slot: string
  /** Unix milliseconds by the page's clock. */
  time: number
  /** Who ordered it: the engine, or the server whose order stood. */
  by: 'device' | 'server'
  /** Item ids from the top; '' where an item has no id or was forgotten. The first 200 positions. */
  ids: string[]
}

export type Backend = 'auto' | 'wasm' | 'js'

export interface EngineConfig {
  /** Absolute URL of the pack's folder, with a trailing slash. */
  pack: string
  consent: Decision
  /** Default `auto`. */
  backend?: Backend | undefined
  /** Ed25519 public key of the packs, base64 of 32 raw bytes. With it, unsigned packs are refused. */
  key?: string | undefined
  /** Days that events are kept, and how many at most. Default 180 and 5,000. */
  retention?: { days?: number | undefined; events?: number | undefined } | undefined
  /** Bytes of a whole pack, decoded, above which it is refused. Default 64 MB. */
  maxPackBytes?: number | undefined
  /** Names of the options that the shop has set. The engine warns of those that do not exist. */
  options?: string[] | undefined
}

/** Why the server's order stands. */
export type Why = 'timeout' | 'not-ready' | 'no-pack' | 'denied' | 'disabled' | 'error'

/** Which generator put an item forward. `server` is the shop's own list. */
export type Source = 'server' | 'session' | 'neighbours' | 'profile' | 'popular' | 'similar'

/**
 * Why an item stands where it stands, strongest first. `item` is the visitor's own earlier item that counts most.
 * `seen-with`: other visitors saw both in one session; `similar`: near it in the model's space; `again`: the visitor has
 * looked at it before; `taste`: fits earlier visits; `popular`: seen by many; `shop`: the shop's own order.
 */
export interface Reason {
  code: 'seen-with' | 'similar' | 'again' | 'taste' | 'popular' | 'shop'
  item?: string
  /** Share of the item's score, 0 to 1. */
  weight: number
}

/** What every request for a list carries. */
export interface ListRequest {
  /** Names this list and no other; the ranking carries it, and so do events that belong to the list. */
  requestId: string
  /** The place on the page that the list is for. */
  slot: string
}

/** Candidates in the server's order, '' where one has no id. An id that is repeated counts where it stands first. */
export interface RankRequest extends ListRequest {
  ids: string[]
  /** Leading positions to optimise. */
  limit: number
}

export interface RecommendRequest extends ListRequest {
  limit: number
  exclude: string[]
  /** Ask for what goes with these, instead of with the running session: the basket, a product page. */
  seeds?: string[]
}

export interface SimilarRequest extends ListRequest {
  id: string
  limit: number
  exclude: string[]
}

/** A ranked list: index i holds the item at position i. */
export interface RankedItems {
  by: 'device'
  /** For `rank`: indices into the request's ids, a permutation. Absent otherwise. */
  order?: Uint32Array
  ids: string[]
  scores: Float32Array
  sources: Source[]
  reasons: Reason[][]
}

/** A ranked list, named as its request was. */
export interface Ranking extends RankedItems, ListRequest {}

/** The engine has nothing better than what the page already has. */
export interface Declined {
  by: 'server'
  why: Why
}

/** What the pack says of an item. Absent fields are unknown to the pack. */
export interface ItemFacts {
  id: string
  title?: string
  category?: string
  brand?: string
  price?: number
  image?: string
  url?: string
  available?: boolean
  /** Sessions of the training log that contain the item; 0 where fewer than the pack's k. */
  popularity: number
}

export interface Explanation {
  id: string
  /** Known to the pack. An unknown item keeps its place in the shop's order. */
  known: boolean
  facts?: ItemFacts
  /** Share of each part in the item's present score, summing to 1 where anything is known. */
  parts: { part: 'session' | 'neighbours' | 'profile' | 'repeat'; share: number }[]
  /** The visitor's events that count for the item, strongest first. */
  because: { item: string; code: Reason['code']; share: number }[]
}

/** Everything that the device holds of the visitor, as `export()` gives it. */
export interface DeviceData {
  consent: ConsentState
  /** `disk`: some of it stays when the page is closed. `memory`: nothing does. `nothing`: there is nothing. */
  kept: 'disk' | 'memory' | 'nothing'
  events: WireEvent[]
  /** The lists that were shown, oldest first. */
  lists: ShownList[]
  /** Decayed strength of interest in items of earlier visits, strongest first. */
  profile: { item: string; strength: number }[]
  /** Bytes about the visitor that have left the device. Nothing leaves it: federated learning is not switched on. */
  sentBytes: 0
}

export type PackState = 'none' | 'loading' | 'ready' | 'disabled' | 'failed'

export interface EngineStatus {
  version: string
  consent: ConsentState
  pack: {
    state: PackState
    /** From where the pack in use came. */
    from?: 'network' | 'opfs' | 'cache' | 'indexeddb' | 'memory'
    sequence?: number
    created?: string
    items?: number
    minSessions?: number
    bytes?: number
    signed?: boolean
    /** The last thing that went wrong with a pack, in words; an older pack may be serving. */
    error?: string
  }
  backend?: 'wasm' | 'js'
  events: { session: number; stored: number }
  storage: 'opfs' | 'cache' | 'indexeddb' | 'memory' | 'none'
}

/** Pushed from the engine to the page. */
export type EngineEvent =
  | { type: 'ready'; from: NonNullable<EngineStatus['pack']['from']>; sequence: number }
  | { type: 'progress'; loaded: number; total: number }
  | { type: 'pack-error'; message: string }
  | { type: 'disabled' }
  /** Something that costs the visitor nothing but is worth knowing: storage full, say. */
  | { type: 'trouble'; message: string }
  /** The decision that the engine follows from now on. */
  | { type: 'consent'; state: ConsentState }
  /** Another tab erased what was stored, or one item of it; the decision stands. */
  | { type: 'forgotten'; item?: string | undefined }

/** What the engine says to its page and asks of it. */
export interface PageApi {
  hear(event: EngineEvent): void
  /**
   * The record of the grant that stands at this moment; undefined without one. The engine asks before it writes or erases
   * anything: the page alone can read the record.
   */
  record(): string | undefined | Promise<string | undefined>
}

/** The worker's whole surface, exposed with Comlink. Only `start` may be called first. */
export interface EngineApi {
  start(config: EngineConfig, page: PageApi): Promise<EngineStatus>
  setConsent(decision: Decision): Promise<void>
  /**
   * Resolves with the ids that need no replay: those that are stored now, or refused for good. Where nothing is stored,
   * for want of a grant or of IndexedDB, all of them come back.
   */
  track(events: WireEvent[]): Promise<string[]>
  /** Lists as they were shown. A second account of one request replaces the first. */
  shown(lists: ShownList[]): Promise<void>
  rank(request: RankRequest): Promise<Ranking | Declined>
  recommend(request: RecommendRequest): Promise<Ranking | Declined>
  similar(request: SimilarRequest): Promise<Ranking | Declined>
  explain(id: string): Promise<Explanation | Declined>
  export(): Promise<DeviceData>
  /**
   * Erases everything, or what concerns one item, from memory and disk, whatever the decision is. The decision stays.
   * Rejects when some of it could not be erased.
   */
  forget(item?: string): Promise<void>
  status(): Promise<EngineStatus>
  /** The network has come back. */
  online(): Promise<void>
  /** Closes what is open; the page terminates the worker afterwards. */
  stop(): Promise<void>
}
