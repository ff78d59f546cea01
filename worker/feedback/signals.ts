/**
 * How strongly each signal speaks for an item: the one table of strengths. The engine on the device and the trainer's log
 * reader both use it, so a purchase weighs the same in a log as in a browser. A shop may change it (`strengths.ts`).
 *
 * No page sends the last three signals. `history.ts` and `dislikes.ts` derive them from the events around a view, and from
 * what was shown.
 */
import type { EventName, Signal } from '../protocol.js'

export type Strengths = Readonly<Record<Signal, number>>

export const STRENGTHS: Strengths = {
  purchase: 1,
  add_to_cart: 0.7,
  add_to_wishlist: 0.5,
  view_item: 0.2,
  select_item: 0.2,
  view_item_list: 0.05,
  /** A search says nothing of a single item. */
  view_search_results: 0,
  /** What it says of items is read by `preferences.ts`. */
  prefer: 0,
  /** It says how long the view before it lasted. */
  user_engagement: 0,
  remove_from_cart: -0.3,
  refund: -1,
  less_like_this: -1,
  /** It takes `less_like_this` back. */
  undo_less_like_this: 0,
  /** A view that lasted longer than DWELL_MS. */
  dwell: 0.4,
  /** A view that was left within BOUNCE_MS. It is added to the view's own strength. */
  bounce: -0.2,
  /** The item was shown again, and nothing was done with it. */
  ignored: -0.05,
}

export const DWELL_MS = 30_000
export const BOUNCE_MS = 5_000

/** Signals that are not events. */
const DERIVED = ['dwell', 'bounce', 'ignored']

/** Every name an event may have. */
export const EVENT_NAMES: ReadonlySet<EventName> = new Set(
  Object.keys(STRENGTHS).filter((name) => !DERIVED.includes(name)) as EventName[],
)

/** Strength of a signal, -1 to 1. */
export function strengthOf(name: Signal, strengths: Strengths = STRENGTHS): number {
  return strengths[name]
}

/** A strength in units of one view. The encoder uses it as a step's weight (a plain view is 1). */
export function relativeToView(strength: number, { view_item: view }: Strengths = STRENGTHS): number {
  return strength / view
}

/** Whether the event is a step of a session: it shows at least as much interest in the item as a view. */
export function isStep(name: EventName): boolean {
  return STRENGTHS[name] >= STRENGTHS.view_item
}

/** Whether the event is only a look at an item. */
export function isLook(name: EventName): boolean {
  return STRENGTHS[name] === STRENGTHS.view_item
}

/** What logs call these events, in lower case, letters only, singular. GA4's own names are compared in the same form. */
const aliases: Readonly<Record<EventName, string>> = {
  view_item: 'view pageview productview viewproduct itemview detail detailview productdetail visit',
  select_item: 'click itemclick productclick clickitem selectproduct clickout read',
  view_item_list: 'impression shown listview viewlist productimpression itemimpression',
  add_to_cart: 'cart addcart cartadd addtobasket addbasket basket basketadd addtobag addproduct',
  remove_from_cart: 'removecart cartremove removefrombasket basketremove deletefromcart removefrombag',
  add_to_wishlist:
    'wishlist wishlistadd save saved fav favorite favourite addtofavorite addtofavourite like bookmark',
  purchase: 'buy bought order transaction sale purchased checkoutcompleted ordercompleted orderplaced',
  refund: 'return returned refunded',
  view_search_results: 'search query searchresult',
  prefer: 'preference',
  user_engagement: 'engagement dwell',
  less_like_this: 'dislike hide notinterested lesslike thumbsdown',
  undo_less_like_this: 'undodislike undolesslike unhide',
}

let words: Map<string, EventName> | undefined

/** The event that a word in a log means (`addtocart`, `Add To Cart`, `clicks`, `transaction`), if any. */
export function signalOf(text: string): EventName | undefined {
  words ??= vocabulary()
  const word = letters(text)
  return words.get(word) ?? words.get(word.replace(/s$/, ''))
}

/** Built at first use, so that the bundler can drop the aliases from the engine, which reads no logs. */
function vocabulary(): Map<string, EventName> {
  const words = new Map<string, EventName>()
  for (const name of EVENT_NAMES) {
    for (const word of [letters(name), ...aliases[name].split(' ')]) words.set(word, name)
  }
  return words
}

function letters(text: string): string {
  return text.toLowerCase().replace(/[^a-z]/g, '')
}
