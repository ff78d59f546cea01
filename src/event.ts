/** From a GA4 event as a shop has it to the engine's wire form: known fields, right types. */
import type { EventItem, EventName, WireEvent } from '../worker/protocol.js'
import type { TrackDetails } from './api.js'

/**
 * @param name any of GA4's; the worker refuses those that it has no use for
 * @returns undefined for an event about nothing, which is most of what a shop sends to GA4
 */
export function toWire(id: string, name: string, details: TrackDetails = {}): WireEvent | undefined {
  const items: EventItem[] = []
  for (const given of details.items ?? []) {
    if (given?.item_id == null) continue
    const item: EventItem = { item_id: `${given.item_id}` }
    const price = amount(given.price)
    const quantity = amount(given.quantity)
    if (price !== undefined) item.price = price
    if (quantity !== undefined) item.quantity = quantity
    items.push(item)
  }
  const query = details.query ?? details.search_term
  const slot = details.slot ?? details.item_list_id
  if (items.length === 0 && !query) return undefined
  return {
    id,
    name: name as EventName,
    time: Date.now(),
    items,
    ...(query ? { query: `${query}` } : {}),
    ...(slot ? { slot: `${slot}` } : {}),
  }
}

/** Shops write prices as numbers and as strings. */
function amount(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}
