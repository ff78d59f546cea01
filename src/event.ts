/** From a GA4 event as a shop has it to the engine's wire form: known names, known fields, right types. */
import type { EventItem, EventName, WireEvent } from '../worker/protocol.js'
import type { TrackDetails } from './api.js'

const NAMES: Record<EventName, 1> = {
  view_item: 1,
  select_item: 1,
  view_item_list: 1,
  add_to_cart: 1,
  remove_from_cart: 1,
  add_to_wishlist: 1,
  purchase: 1,
  refund: 1,
  view_search_results: 1,
  less_like_this: 1,
}

/** @returns undefined for an event that the engine has no use for, which is most of what a shop sends to GA4 */
export function toWire(id: string, name: string, details: TrackDetails = {}): WireEvent | undefined {
  if (!Object.hasOwn(NAMES, name)) return undefined
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
