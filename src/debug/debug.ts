/**
 * The file `debug.js`: explains in the console, one line each, what nearside leaves undone and what to change. It is
 * loaded only where `debug: true` or `data-debug` asks for it.
 */
import type { EventName } from '../../worker/protocol.js'
import type { ListEvent, Options, RankedEvent } from '../api.js'
import { idOf, valuesOf } from '../id.js'
import { OPTIONS, unknownOptions } from '../options.js'
import { closest } from './closest.js'
import type { Debug, Heard } from './load.js'
import type { TrackNotice } from './notice.js'

const USED: readonly string[] = Object.keys({
  view_item: 0,
  select_item: 0,
  view_item_list: 0,
  add_to_cart: 0,
  remove_from_cart: 0,
  add_to_wishlist: 0,
  purchase: 0,
  refund: 0,
  view_search_results: 0,
  less_like_this: 0,
} satisfies Record<EventName, 0>)

const WHY: Record<NonNullable<ListEvent['why']>, string> = {
  timeout: 'the engine did not answer in time. Raise timeout, or ask earlier on the page',
  'not-ready': 'the pack was not there yet. That is normal on a first visit; raise timeout to wait longer',
  'no-pack': 'no pack could be loaded. (await nearside.status()).pack.error says why',
  denied: 'the visitor has refused personalization',
  disabled: 'the pack is switched off, or the client was destroyed',
  error: 'the engine failed. (await nearside.status()).error says how',
  seen: 'an item of it has been on the screen, or is above it. Lists are re-ordered only while nobody has seen them',
  focus: 'the keyboard is in it',
  changed: 'the page has changed it meanwhile',
  empty: 'it has no element with data-nearside-item',
  'no-ids': 'no item of it has an id in data-nearside-item',
}

export const debug: Debug['debug'] = (options: Options) => {
  for (const name of unknownOptions(options)) {
    const meant = closest(name, OPTIONS)
    if (meant) say(`option ${name} is unknown; did you mean ${meant}?`)
  }
  return (heard: Heard) => {
    const text = heard.type === 'track' ? ofTrack(heard) : ofList(heard)
    if (text) say(text)
  }
}

function ofList({ type, slot, by, why, ...more }: ListEvent | RankedEvent): string | undefined {
  if (by === 'device' || !why) return undefined
  if (type === 'list') return `list "${slot}" keeps the server's order: ${WHY[why]}.`
  const { method } = more as RankedEvent
  return `${method}() for "${slot}" ${method === 'rank' ? "keeps the server's order" : 'is empty'}: ${WHY[why]}.`
}

function ofTrack({ name, details, event, consent }: TrackNotice): string | undefined {
  const what = `event ${typeof name === 'string' ? name : '(no name)'}`
  const given = Object(details) as Record<string, unknown>
  if (consent === 'denied') return `${what} is dropped: ${WHY.denied}.`
  if (typeof name !== 'string') {
    return `${what} is dropped: expected track(name, details), got ${kindOf(name)}. For an entry of GTM's dataLayer call track(entry.event, entry.ecommerce).`
  }
  if (!USED.includes(name)) {
    const meant = closest(name, USED)
    return `${what} is dropped: ${meant ? `did you mean ${meant}?` : `nearside uses ${USED.join(', ')}.`}`
  }
  if (event && event.items.length === valuesOf(given.items).length) return undefined
  if (given.ecommerce)
    return `${what} is dropped: its items are in details.ecommerce. Pass details.ecommerce itself.`
  if (Array.isArray(details)) return `${what} is dropped: expected { items: […] }, got an array.`
  const items = valuesOf(given.items)
  if (items.length === 0) {
    const expected = name === 'view_search_results' ? 'search_term' : 'items: [{ item_id }]'
    return event ? undefined : `${what} is dropped: it is about nothing. Expected ${expected}.`
  }
  const lost = items
    .map((item) => Object(item) as Record<string, unknown>)
    .filter(({ item_id }) => !idOf(item_id))
  const first = lost[0]!
  const instead = ['id', 'sku', 'product_id', 'itemId', 'item_name'].find(
    (field) => first[field] !== undefined,
  )
  const cause =
    first.item_id != null
      ? `item_id is ${kindOf(first.item_id)}; expected a text of at most 256 characters without line breaks, or a number`
      : instead
        ? `there is ${instead} where item_id belongs`
        : 'there is no item_id'
  return `${what}: ${event ? `${lost.length} of ${items.length} items are` : 'it is'} dropped: ${cause}.`
}

function kindOf(value: unknown): string {
  if (typeof value === 'string') return value ? `a text of ${value.length} characters` : 'empty'
  if (value === null || value === undefined) return `${value}`
  return Array.isArray(value) ? 'an array' : typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

function say(text: string): void {
  console.info(`nearside: ${text}`)
}
