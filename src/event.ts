/** Turns a shop's GA4 event into the form that is sent to the engine: only known fields, with the right types. */
import type { EventItem, EventName, PageEvent } from '../worker/protocol.js'
import { amount, idOf, idsOf, valuesOf } from './id.js'
import { only } from './only.js'

/**
 * Accepts anything that a page may pass.
 *
 * @param name any of GA4's names; the worker refuses those that it does not use
 * @param details the event's parameters, see `TrackDetails`
 * @returns undefined for an event without items or search terms, as most of a shop's GA4 events are
 */
export function toWire(id: string, name: unknown, details: unknown): PageEvent | undefined {
  const given = Object(details) as Record<string, unknown>
  const items = valuesOf(given.items).flatMap(toItem)
  const query = idOf(given.query) || idOf(given.search_term)
  // In GA4 each item may name its list. Our events belong to one list: that of the first item.
  const [first] = valuesOf(given.items)
  const slot = idOf(given.slot) || idOf(given.item_list_id) || idOf(Object(first).item_list_id)
  const price = Object(given.price)
  const transaction = idOf(given.transaction_id)
  if (typeof name !== 'string' || (items.length === 0 && !query && name !== 'prefer')) return undefined
  return {
    // A thank-you page that is reloaded sends the same purchase again. Events with the same id count once.
    id: name === 'purchase' && transaction ? `purchase:${transaction}`.slice(0, 128) : id,
    name: name as EventName,
    time: Date.now(),
    items,
    ...only({
      query,
      slot,
      requestId: idOf(given.requestId),
      visible: amount(given.engagement_time_msec),
      categories: idsOf(given.categories).join('\n'),
      brands: idsOf(given.brands).join('\n'),
      min: amount(price.min),
      max: amount(price.max),
    }),
  }
}

function toItem(given: unknown): EventItem[] {
  const fields = Object(given) as Record<string, unknown>
  const item_id = idOf(given) || idOf(fields.item_id)
  const { price, quantity, index } = fields
  const numbers = { price: amount(price), quantity: amount(quantity), position: amount(index) }
  return item_id ? [{ item_id, ...only(numbers) }] : []
}
