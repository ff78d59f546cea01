/** Turns a shop's GA4 event into the form that is sent to the engine: only known fields, with the right types. */
import type { EventItem, EventName, WireEvent } from '../worker/protocol.js'
import { amount, idOf, valuesOf } from './id.js'
import { only } from './only.js'

/**
 * Accepts anything that a page may pass.
 *
 * @param name any of GA4's names; the worker refuses those that it does not use
 * @param details the event's parameters, see `TrackDetails`
 * @returns undefined for an event without items or search terms, as most of a shop's GA4 events are
 */
export function toWire(id: string, name: unknown, details: unknown): WireEvent | undefined {
  const given = Object(details) as Record<string, unknown>
  const items = valuesOf(given.items).flatMap(toItem)
  const query = idOf(given.query) || idOf(given.search_term)
  // In GA4 each item may name its list. Our events belong to one list: that of the first item.
  const [first] = valuesOf(given.items).map((item) => Object(item) as Record<string, unknown>)
  const slot = idOf(given.slot) || idOf(given.item_list_id) || idOf(first?.item_list_id)
  if (typeof name !== 'string' || (items.length === 0 && !query)) return undefined
  return {
    id: purchaseId(name, given.transaction_id) ?? id,
    name: name as EventName,
    time: Date.now(),
    items,
    ...only({ query, slot, requestId: idOf(given.requestId) }, Boolean),
  }
}

/** A thank-you page that is reloaded sends the same purchase again. Events with the same id count once. */
function purchaseId(name: string, transaction: unknown): string | undefined {
  const id = idOf(transaction)
  return name === 'purchase' && id && id.length <= 100 ? `purchase:${id}` : undefined
}

function toItem(given: unknown): EventItem[] {
  const fields = Object(given) as Record<string, unknown>
  const item_id = idOf(fields.item_id)
  const { price, quantity, index } = fields
  const numbers = { price: amount(price), quantity: amount(quantity), position: amount(index) }
  return item_id ? [{ item_id, ...only(numbers, Number.isFinite) }] : []
}
