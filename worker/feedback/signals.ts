/**
 * What each thing a visitor does says about an item: the one table of strengths, read by the engine on the device
 * and by the trainer's log reader, so that a purchase weighs the same in a log as in a browser.
 *
 * Besides events there are signals that nobody sends, because they follow from the events around them: a long look,
 * a bounce. `history.ts` derives those.
 */
import type { EventName } from '../protocol.js'

const EVENTS: Readonly<Record<EventName, number>> = {
  purchase: 1,
  add_to_cart: 0.7,
  add_to_wishlist: 0.5,
  view_item: 0.2,
  select_item: 0.2,
  view_item_list: 0.05,
  /** A search says nothing of a single item. */
  view_search_results: 0,
  remove_from_cart: -0.3,
  refund: -1,
  less_like_this: -1,
}

/** A view that lasted longer than DWELL_MS. */
export const DWELL = 0.4
/** Left again within BOUNCE_MS; added to the view's own strength. */
export const BOUNCE = -0.2
export const DWELL_MS = 30_000
export const BOUNCE_MS = 5_000

/** Every name an event may have. */
export const EVENT_NAMES: ReadonlySet<EventName> = new Set(Object.keys(EVENTS) as EventName[])

/** Strength of an event, -1 to 1. */
export function strengthOf(name: EventName): number {
  return EVENTS[name]
}

/** A strength in units of one view: what the encoder takes as a step's weight (a plain view is 1). */
export function relativeToView(strength: number): number {
  return strength / EVENTS.view_item
}

/** Whether the event is a step of a session: something the visitor did out of interest in the item, a view at least. */
export function isStep(name: EventName): boolean {
  return EVENTS[name] >= EVENTS.view_item
}

/** What logs call these events, in lower case, letters only, singular. GA4's own names are matched the same way. */
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
  less_like_this: 'dislike hide notinterested lesslike thumbsdown',
}

let words: Map<string, EventName> | undefined

/** The event that a log's word for it means (`addtocart`, `Add To Cart`, `clicks`, `transaction`), if any. */
export function signalOf(text: string): EventName | undefined {
  words ??= vocabulary()
  const word = letters(text)
  return words.get(word) ?? words.get(word.replace(/s$/, ''))
}

/** Built at the first look-up, so that the engine, which reads no logs, is bundled without the aliases. */
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
