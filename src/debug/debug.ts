/**
 * The file `debug.js`. It explains in the console what nearside did not do and what to change, one line each. It is loaded
 * only with `debug: true` or `data-debug`.
 */
import type { Why } from '../../worker/protocol.js'
import type { ListEvent, Options, RankedEvent, Untouched } from '../api.js'
import { idOf, valuesOf } from '../id.js'
import type { TrackNotice } from '../notice.js'
import { closest } from './closest.js'
import type { Debug, Heard } from './load.js'

/** The options of `create`, and the events that count. A test compares both with what the engine knows. */
export const OPTIONS =
  'pack consent remember timeout key backend retention maxPackBytes workerUrl parts ranking slots live strengths debug'.split(
    ' ',
  )
export const USED =
  'view_item select_item view_item_list add_to_cart remove_from_cart add_to_wishlist purchase refund view_search_results user_engagement less_like_this undo_less_like_this prefer'.split(
    ' ',
  )

const RANKING: Record<Why, string> = {
  timeout: 'the engine was too late. Raise timeout, or ask earlier',
  'not-ready': 'the pack was not there yet. Raise timeout',
  'no-pack': 'no pack could be loaded. (await nearside.status()).pack.error says why',
  denied: 'the visitor refused',
  disabled: 'the pack is switched off, or the client destroyed',
  error: 'the engine failed. (await nearside.status()).error says how',
}

const LIST: Record<Untouched, string> = {
  seen: 'its items have been on the screen, or are above it',
  focus: 'the keyboard is in it',
  changed: 'the page has changed it',
  empty: 'it has no element with data-nearside-item',
  'no-ids': 'its items have no ids',
}

export const debug: Debug['debug'] = (options: Options) => {
  for (const name of Object.keys(options).filter((name) => !OPTIONS.includes(name))) {
    const meant = closest(name, OPTIONS)
    if (meant) say(`option ${name} is unknown; did you mean ${meant}?`)
  }
  return (heard: Heard) => {
    const text = heard.type === 'track' ? ofTrack(heard) : ofAnswer(heard)
    if (text) say(text)
  }
}

/** If the ranking of a list has failed, the line about the ranking says so, and the list needs no second line. */
function ofAnswer(heard: ListEvent | RankedEvent): string | undefined {
  const { type, slot, why } = heard
  const cause = type === 'list' ? LIST[why as Untouched] : RANKING[why as Why]
  return (
    cause &&
    `${type === 'list' ? 'list' : `${heard.method}() for`} "${slot}" keeps the server's order: ${cause}.`
  )
}

function ofTrack(heard: TrackNotice): string | undefined {
  const { name, event } = heard
  const cause = causeOf(heard)
  const loss = event && USED.includes(event.name) ? 'loses items' : 'is dropped'
  return cause && `event ${typeof name === 'string' ? name : '(no name)'} ${loss}: ${cause}.`
}

function causeOf({ name, details, event, consent }: TrackNotice): string | undefined {
  if (consent === 'denied') return RANKING.denied
  if (typeof name !== 'string') {
    return `expected track(name, details), got ${kindOf(name)}. For an entry of GTM's dataLayer call track(entry.event, entry.ecommerce)`
  }
  if (!USED.includes(name)) {
    const meant = closest(name, USED)
    return meant ? `did you mean ${meant}` : `nearside uses ${USED.join(', ')}`
  }
  const given = Object(details) as Record<string, unknown>
  const items = valuesOf(given.items)
  const lost = items.filter((item) => !idOf(item) && !idOf(Object(item).item_id)).map(Object)
  if (event && lost.length === 0) return undefined
  if (given.ecommerce) return 'its items are in details.ecommerce. Pass details.ecommerce itself'
  if (Array.isArray(details)) return 'expected { items: […] }, got an array'
  if (items.length === 0) {
    return 'it is about nothing. Expected items: [{ item_id }], or search_term'
  }
  return `${lost.length} of ${items.length} items have no item_id, ${insteadOf(lost[0])}`
}

function insteadOf(item: Record<string, unknown>): string {
  if (item.item_id != null) {
    return `but ${kindOf(item.item_id)}, not a number or a text of at most 256 characters`
  }
  const field = ['id', 'sku', 'product_id', 'itemId'].find((name) => item[name] != null)
  return field ? `but ${field}` : 'nor another name'
}

function kindOf(value: unknown): string {
  if (typeof value === 'string') return `a text of ${value.length} characters`
  return Array.isArray(value) ? 'an array' : `a value of type ${value === null ? 'null' : typeof value}`
}

function say(text: string): void {
  console.info(`nearside: ${text}`)
}
