/** Turns a shop's GA4 event into the form that is sent to the engine: only known fields, with the right types. */
import type { EventItem, EventName, WireEvent } from '../worker/protocol.js'
import { idOf, valuesOf } from './id.js'

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
  const query = text(given.query) ?? text(given.search_term)
  // In GA4 each item may name its list. Our events belong to one list: that of the first item.
  const [first] = valuesOf(given.items).map((item) => Object(item) as Record<string, unknown>)
  const slot = text(given.slot) ?? text(given.item_list_id) ?? text(first?.item_list_id)
  const requestId = text(given.requestId)
  if (typeof name !== 'string' || (items.length === 0 && query === undefined)) return undefined
  return {
    id: purchaseId(name, given.transaction_id) ?? id,
    name: name as EventName,
    time: Date.now(),
    items,
    ...(query === undefined ? {} : { query }),
    ...(slot === undefined ? {} : { slot }),
    ...(requestId === undefined ? {} : { requestId }),
  }
}

/** A thank-you page that is reloaded sends the same purchase again. Events with the same id count once. */
function purchaseId(name: string, transaction: unknown): string | undefined {
  const id = idOf(transaction)
  return name === 'purchase' && id && id.length <= 100 ? `purchase:${id}` : undefined
}

function toItem(given: unknown): EventItem[] {
  const fields = Object(given) as Record<string, unknown>
  const item: EventItem = { item_id: idOf(fields.item_id) }
  const numbers = { price: fields.price, quantity: fields.quantity, position: fields.index }
  for (const [field, value] of Object.entries(numbers)) {
    const number = amount(value)
    if (number !== undefined) item[field as keyof typeof numbers] = number
  }
  return item.item_id ? [item] : []
}

function text(value: unknown): string | undefined {
  return (typeof value === 'string' && value) || typeof value === 'number' ? `${value}` : undefined
}

/** Shops write prices as numbers or as texts. */
function amount(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}
