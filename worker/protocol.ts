/**
 * All types that cross the thread between the page (`src/`) and the engine (`worker/`), and no others. All values can be
 * cloned (structured clone). The shop's own objects never cross, only their ids.
 */

/** `unknown` until the visitor or the shop decides. See "Consent" in the README. */
export type ConsentState = 'unknown' | 'granted' | 'denied'

/** The visitor's decision, as the page knows it. */
export interface Decision {
  state: ConsentState
  /**
   * The record of the grant that stands on this device. The page keeps it, and each grant has its own. Stored data belongs to
   * the grant under which it was stored. With `granted`: data may be stored. With `unknown`: the consent manager has not
   * reported a decision yet, so stored data is not read, not added to and not erased. Absent: nothing may stay stored.
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
  | 'user_engagement'
  | 'less_like_this'
  | 'prefer'
  | 'undo_less_like_this'

/** What speaks for or against an item: events, and what is derived from them. `worker/feedback/signals.ts` has the table. */
export type Signal = EventName | 'dwell' | 'bounce' | 'ignored'

/** One item of an event: the fields of GA4's `items` that the engine uses. */
export interface EventItem {
  item_id: string
  price?: number
  quantity?: number
  /** Position in the list that the event belongs to, from 0 (GA4's `index`). */
  position?: number
}

/** What a visitor has said they like, for example in a shop's first questions. Each name is spelt as in the catalogue. */
export interface Preferences {
  categories?: string[]
  brands?: string[]
  /** The range of prices; either end may be absent. */
  price?: { min?: number; max?: number }
}

/** One event. The page checks its form. The worker does not trust the page and checks it again. */
export interface WireEvent {
  /** Unique for each event. Storage refuses a second event with the same id, so an event that is sent twice counts once. */
  id: string
  name: EventName
  /** Unix milliseconds by the page's clock. */
  time: number
  items: EventItem[]
  /** Search terms, for `view_search_results`. */
  query?: string
  /** For `prefer`, whose `items` are the items that the visitor likes. The last one replaces those before. */
  prefer?: Preferences
  /** For `user_engagement`, and for a view that is over: how long the item was visible, in milliseconds. */
  visible?: number
  /** For an impression or a click: the place on the page of the list that it belongs to. */
  slot?: string
  /** The list itself: the `requestId` of its ranking. The engine adds it if only the slot is known. */
  requestId?: string
}

/** An event as a page sends it: flat, because the page's outbox keeps it as text. The engine makes a `WireEvent` of it. */
export interface PageEvent extends WireEvent {
  /** For `prefer`: names, one a line. */
  categories?: string
  brands?: string
  /** For `prefer`: the ends of the price range. */
  min?: number
  max?: number
}

/** A list as the visitor was shown it. */
export interface ShownList {
  requestId: string
  slot: string
  /** Unix milliseconds by the page's clock. */
  time: number
  /** Who ordered it: the engine, or the server. */
  by: 'device' | 'server'
  /** Item ids from the top; '' where an item has no id or was forgotten. The first 200 positions. */
  ids: string[]
  /**
   * With exploration: how probable it was that each item is at its position. 1 where the position was not drawn for, 0 where
   * a rule or the page decided: such a position is left out of estimates.
   */
  propensities?: number[]
}

/** What is said about an item, by the pack, the page or the live file: title, category, brand, price and whatever else. */
export interface Attributes {
  readonly [name: string]: AttributeValue | undefined
}

export type AttributeValue = string | number | boolean | readonly string[]

/**
 * How lists are made. It can be said in the pack, in `create`, for a slot and in a call. The later of these wins; rules of
 * all of them hold together.
 */
export interface RankingSettings {
  /**
   * What the list is for: `home`, the visitor's own interests; `similar`, others of the kind; `goes-with`, what completes a
   * basket. Default by the method: `similar` for similar, `goes-with` for recommend with seeds, else `home`. With `goes-with`,
   * recommend without seeds takes the items of this visit's basket as seeds.
   */
  head?: Head | undefined
  /** Give reasons for the items. They cost time, so `rank` gives them only if this is true. `recommend` and `similar` do unless it is false. */
  reasons?: boolean | undefined
  /** What always holds, whatever the scores say. docs/ranking.md, "Rules", shows each kind. */
  rules?: readonly Rule[] | undefined
  /** Lists with less of the same: `true`, a strength from 0 to 1, or in detail. Default: none. */
  variety?: boolean | number | Variety | undefined
  /** Shows a few items in order to learn about them, and writes down how probable each was. Default: none. */
  explore?: false | Exploration | undefined
}

/** How lists differ from the best items alone. */
export interface Variety {
  /** 0 to 1. Default: what training found for the shop, or else .25. */
  strength?: number
  /** Maximal marginal relevance, or a determinantal point process. Default `mmr`. */
  method?: 'mmr' | 'dpp'
  /** Attributes in which items of a list should differ too, beside their vectors. */
  attributes?: readonly string[]
  /** How much the visitor's own spread over the first of the attributes (default: category) counts, 0 to 1. Default 0. */
  calibrate?: number
}

/**
 * Exploration: some positions of a list go to items that are drawn. The draw depends on the `requestId` alone, so the same
 * request always gets the same list.
 */
export interface Exploration {
  /** How many positions of a list are for drawn items, 1 to 5. */
  positions: number
  /** How many candidates the items are drawn from, 2 to 50. Default 20. */
  from?: number
  /** No candidate is drawn for a position with a lower probability than this, as far as `from` allows it. Default .01. */
  least?: number
  /** So many of the positions are for the items of `where`, for example new ones, if there are any among the candidates. */
  floor?: number
  where?: Condition
}

export type Head = 'home' | 'similar' | 'goes-with'

/** A value that a rule compares an attribute with. Values are compared as text. */
export type Scalar = string | number | boolean

/**
 * A condition on an item. A condition on an attribute may make several tests, and all of them must hold. An attribute with
 * several values (a list) passes a test if one of the values does. Nothing but `known: false` holds where nothing is known.
 */
export type Condition =
  | { all: readonly Condition[] }
  | { any: readonly Condition[] }
  | { not: Condition }
  | { ids: readonly string[] }
  /** Where the item came from. */
  | { source: Source | readonly Source[] }
  | {
      attribute: string
      /** Equal to this, or to one of these. */
      is?: Scalar | readonly Scalar[]
      /** Equal to this path, or below it: `Home > Kitchen` is below `Home`. */
      under?: string | readonly string[]
      /** Numbers, or dates as ISO 8601. */
      above?: number | string
      below?: number | string
      atLeast?: number | string
      atMost?: number | string
      /** A date of the last so many days, or a later one. */
      lastDays?: number
      /** Whether anything is known. */
      known?: boolean
    }

/**
 * In `rank`, a rule moves items; those that it is against go to the end. With `remove: true` they are left out. In
 * `recommend` and `similar` such items are always left out, and others take their places.
 */
export type Rule = {
  /** For messages and explanations. Default: the kind and the rule's number. */
  name?: string
} & (
  | /** Against items that are not available. Holds everywhere unless a rule says `off`. */
  { kind: 'available'; off?: true; remove?: true }
  /**
   * Against what the visitor looked at, or bought, in the last so many days. Without `days`: what was bought, until it is
   * usually bought again, where the pack knows when; otherwise for good.
   */
  | { kind: 'hide'; what: 'seen' | 'bought'; days?: number; where?: Condition; remove?: true }
  /** Against all items but these. */
  | { kind: 'include'; where: Condition; remove?: true }
  /** Against these items. */
  | { kind: 'exclude'; where: Condition; remove?: true }
  /** These items come behind the others. They stay in the list. */
  | { kind: 'bury'; where: Condition }
  /** An item at place n of the list, counted from 1, comes to about n / factor. */
  | { kind: 'boost'; where: Condition; factor: number }
  /** The best of these items is at this position, counted from 0. */
  | { kind: 'pin'; where: Condition; position: number }
  /** At most so many of the first `within` items have the same value of an attribute. */
  | { kind: 'cap'; by: string; most: number; within: number; where?: Condition; remove?: true }
  /** At least this share, 0 to 1, of the first `within` items are such items. */
  | { kind: 'share'; where: Condition; least: number; within: number }
)

/** A rule that does not hold in a list, because a stronger one, or what the visitor has seen already, stands against it. */
export interface Broken {
  /** The rule's name. */
  rule: string
  kind: Rule['kind']
  /** Of how many items of the list, or positions, it does not hold. */
  items: number
}

/** What a rule did to an item of a list: it is at a fixed position, higher, or lower than without the rule. */
export interface RuleEffect {
  /** The rule's name. */
  name: string
  kind: Rule['kind']
  effect: 'pinned' | 'up' | 'down'
}

/** Where a page is, and where the visitor came from. Nothing of it is stored. */
export interface Arrival {
  /** The page's address. */
  url?: string | undefined
  /** The address that the visitor came from. */
  referrer?: string | undefined
  /** Width of the window, in CSS pixels. */
  width?: number | undefined
}

/** How the visitor came to this page: what is known before the first event. */
export interface Landing {
  /** Path of the page's address. */
  path?: string | undefined
  /** The address that the visitor came from, or its host. */
  referrer?: string | undefined
  /** Search terms in the page's address. */
  query?: string | undefined
}

export interface LiveConfig {
  /** URL of `live.json`; a relative one begins at the page's address. */
  url: string
  /** Seconds between two requests, while lists are asked for. Default 60; 10 to 300 are possible. */
  seconds?: number | undefined
}

export type Backend = 'auto' | 'wasm' | 'js'

export interface EngineConfig {
  /** Absolute URL of the pack's folder, with a trailing slash. */
  pack: string
  consent: Decision
  /** Default `auto`. */
  backend?: Backend | undefined
  /** Ed25519 public key of the packs, base64 of 32 raw bytes. With a key, unsigned packs are refused. */
  key?: string | undefined
  /** How many days events are kept, and how many events at most. Default 180 and 5,000. */
  retention?: { days?: number | undefined; events?: number | undefined } | undefined
  /** A pack with more decoded bytes is refused. Default 64 MB. */
  maxPackBytes?: number | undefined
  /**
   * Absolute URLs of the parts of the engine, by name (`live`, `shape`), where they are not beside the worker's own file.
   */
  parts?: Readonly<Record<string, string | undefined>> | undefined
  /** How the visitor came to this page. */
  context?: Arrival | undefined
  /** The live file: stock, prices and new items. Without it nothing is asked for. */
  live?: string | LiveConfig | undefined
  /** Strengths of signals that differ from the pack's: see `worker/feedback/signals.ts`. */
  strengths?: Partial<Record<Signal, number>> | undefined
  /** How lists are made, in all slots. */
  ranking?: RankingSettings | undefined
  /** The same for single slots, by their names. */
  slots?: Readonly<Record<string, RankingSettings>> | undefined
  /** Names of the options that the shop has set. The engine warns about names that do not exist. */
  options?: string[] | undefined
}

/** Why the server's order stands. */
export type Why = 'timeout' | 'not-ready' | 'no-pack' | 'denied' | 'disabled' | 'error'

/**
 * The generator that found an item. `server`: the shop's own list; `session` and `profile`: near in the model's space to this
 * visit, or to earlier ones and to what the visitor prefers; `neighbours`: others saw it together with the visitor's items;
 * `viewed`: the visitor has looked at it already; `repurchase`: they bought it so long ago that people buy it again; `content`: it fits what the visitor searched for, or the page they came to;
 * `trending`: visits begin with it lately; `fresh`: new in the shop; `popular`: many have seen it; `similar`: asked for by
 * `similar`; `rule`: a rule pins it.
 */
export type Source =
  | 'server'
  | 'session'
  | 'neighbours'
  | 'profile'
  | 'popular'
  | 'similar'
  | 'viewed'
  | 'content'
  | 'trending'
  | 'fresh'
  | 'rule'
  | 'repurchase'

/**
 * One reason for an item's position; the strongest reason comes first. `item` is the visitor's own earlier item that counts
 * most. `seen-with`: other visitors saw both in one session; `similar`: the two are near in the model's space; `again`: the
 * visitor has looked at the item before; `visit`: it fits this visit, whose items are named elsewhere in the list; `taste`: it
 * fits earlier visits; `asked`: it fits a search, or the page that the visitor came to; `new`: it is new in the shop;
 * `popular`: many have seen it; `shop`: the shop has put it there.
 */
export interface Reason {
  code: 'seen-with' | 'similar' | 'again' | 'visit' | 'taste' | 'asked' | 'new' | 'popular' | 'shop'
  item?: string
  /** The reason's share of the item's score, 0 to 1. */
  weight: number
}

/** Fields of every request for a list. */
export interface ListRequest {
  /** Unique to this list. Its ranking has it too, and so do events that belong to the list. */
  requestId: string
  /** The place on the page that the list is for. */
  slot: string
  /** How this list is made; absent where the call says nothing about it. */
  ranking?: RankingSettings | undefined
}

/** Candidates in the server's order; '' for one without an id. If an id is repeated, its first position counts. */
export interface RankRequest extends ListRequest {
  ids: string[]
  /** How many positions at the top are ordered by the device. */
  limit: number
  /** What the page says about each id; an entry may be absent. */
  facts?: readonly (Attributes | undefined)[] | undefined
  /** The server's own score of each id, NaN where it has none. Higher is better. */
  serverScores?: Float64Array | undefined
  /** Indices of ids that keep their positions, because the visitor has seen them there. */
  fixed?: readonly number[] | undefined
}

export interface RecommendRequest extends ListRequest {
  limit: number
  exclude: string[]
  /** Ask for what goes with these ids instead of with the running session, for example with a basket. */
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
  /** For `rank`: a permutation of the indices of the request's ids. Otherwise absent. */
  order?: Uint32Array
  ids: string[]
  scores: Float32Array
  sources: Source[]
  reasons: Reason[][]
  /** The rules that do not hold in this list; absent if all do. */
  broken?: Broken[]
  /** With exploration: see `ShownList`. */
  propensities?: number[]
}

/** A ranked list with the name of its request. */
export interface Ranking extends RankedItems, Pick<ListRequest, 'requestId' | 'slot'> {}

/** The engine has no answer, so the page uses what it has. */
export interface Declined {
  by: 'server'
  why: Why
}

/**
 * What the pack says about an item: these fields, and further columns of the catalogue by their names. What the pack does not
 * know is absent.
 */
export interface ItemFacts extends Attributes {
  id: string
  title?: string
  category?: string
  brand?: string
  price?: number
  image?: string
  url?: string
  available?: boolean
  /** When the shop added the item: a date, as 2026-01-31. */
  added?: string
  /** Days after which it is usually bought again. */
  repurchase?: number
  /** How many sessions of the training log contain the item; 0 if fewer than the pack's k. */
  popularity: number
}

export interface Explanation {
  id: string
  /** Whether the pack knows the item. An unknown item keeps its place in the shop's order. */
  known: boolean
  facts?: ItemFacts
  /** All generators that put the item forward for recommendations now. */
  sources: Source[]
  /** Share of each part in the item's present score. The shares sum to 1, or there are none if nothing is known. */
  parts: { part: 'session' | 'neighbours' | 'profile' | 'repeat'; share: number }[]
  /** The visitor's own items that count for the item, strongest first. */
  because: {
    item: string
    code: Reason['code']
    share: number
    /** What the visitor did with that item: the latest events. */
    events: { name: EventName; time: number }[]
    /**
     * For the strongest, where the item is in a list: the position that it would have if the visitor had done nothing with that
     * item, from 0; null if it would not be in the list.
     */
    without?: number | null
  }[]
  /** The rules that moved the item in its list or, if no list has it, those of pack and shop that concern it in any list. */
  rules?: RuleEffect[]
  /** The last list of this page that has the item; absent if none has. */
  list?: {
    requestId: string
    slot: string
    /** From 0. */
    position: number
    /** What the score is the sum of. `visitor`: what is known of the visitor; `server`: the server's order. */
    terms: { term: 'visitor' | 'server'; value: number }[]
  }
}

/** Everything that the device holds about the visitor, as `export()` returns it. */
export interface DeviceData {
  consent: ConsentState
  /** `disk`: some of it stays when the page is closed. `memory`: nothing does. `nothing`: there is nothing. */
  kept: 'disk' | 'memory' | 'nothing'
  events: WireEvent[]
  /** The lists that were shown, oldest first. */
  lists: ShownList[]
  /** Interest in items of earlier visits, strongest first. It decays with time. */
  profile: { item: string; strength: number }[]
  /** Bytes about the visitor that have left the device. Always 0, because nothing leaves it. */
  sentBytes: 0
}

export type PackState = 'none' | 'loading' | 'ready' | 'disabled' | 'failed'

export interface EngineStatus {
  version: string
  consent: ConsentState
  pack: {
    state: PackState
    /** Where the pack in use came from. */
    from?: 'network' | 'opfs' | 'cache' | 'indexeddb' | 'memory'
    sequence?: number
    created?: string
    items?: number
    minSessions?: number
    bytes?: number
    signed?: boolean
    /** The last thing that went wrong with a pack, in words. An older pack may be in use. */
    error?: string
  }
  /** The live file in use; absent where the shop names none. */
  live?: {
    state: 'none' | 'used' | 'other-pack'
    created?: string
    /** New items, and how many of them have a vector. */
    items?: number
    placed?: number
    /** The last thing that went wrong with it, in words. An older file may be in use. */
    error?: string
  }
  backend?: 'wasm' | 'js'
  events: { session: number; stored: number }
  storage: 'opfs' | 'cache' | 'indexeddb' | 'memory' | 'none'
}

/** Events that the engine sends to the page. */
export type EngineEvent =
  | { type: 'ready'; from: NonNullable<EngineStatus['pack']['from']>; sequence: number }
  | { type: 'progress'; loaded: number; total: number }
  | { type: 'pack-error'; message: string }
  | { type: 'disabled' }
  /** A problem that the visitor does not notice, for example that storage is full. */
  | { type: 'trouble'; message: string }
  /** The decision has changed. The engine follows it from now on. */
  | { type: 'consent'; state: ConsentState }
  /** Another tab erased what was stored, or one item of it; the decision stands. */
  | { type: 'forgotten'; item?: string | undefined }

/** What the engine can call on its page. */
export interface PageApi {
  hear(event: EngineEvent): void
  /**
   * The record of the grant that stands at this moment; undefined without one. The engine asks before it writes or erases
   * anything: the page alone can read the record. While the page is being left it is '' if a grant stands: nothing may be
   * written any more, because a browser may suspend the page in the midst of a write, and then the next page waits for it.
   */
  record(): string | undefined | Promise<string | undefined>
}

/** All methods of the worker, exposed with Comlink. `start` must be called first. */
export interface EngineApi {
  start(config: EngineConfig, page: PageApi): Promise<EngineStatus>
  setConsent(decision: Decision): Promise<void>
  /**
   * Resolves with the ids of the events that the page need not send again: they are stored now, or refused for good. If
   * nothing can be stored, because there is no grant or no IndexedDB, these are all ids.
   */
  track(events: PageEvent[]): Promise<string[]>
  /** Reports lists as they were shown. A second report for the same request replaces the first. */
  shown(lists: ShownList[]): Promise<void>
  rank(request: RankRequest): Promise<Ranking | Declined>
  recommend(request: RecommendRequest): Promise<Ranking | Declined>
  similar(request: SimilarRequest): Promise<Ranking | Declined>
  explain(id: string): Promise<Explanation | Declined>
  /** @param boxed events that the page's outbox holds */
  export(boxed?: PageEvent[]): Promise<DeviceData>
  /**
   * Erases everything, or what concerns one item, from memory and disk, in every state of consent. The decision stays.
   * Rejects if something could not be erased.
   */
  forget(item?: string): Promise<void>
  status(): Promise<EngineStatus>
  /** Reports that the network has come back. */
  online(): Promise<void>
  /** Closes what is open. The page terminates the worker afterwards. */
  stop(): Promise<void>
}
