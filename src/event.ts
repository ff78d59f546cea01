/** From a GA4 event as a shop has it to the engine's wire form: known fields of the right types. */
import type { EventItem, EventName, WireEvent } from '../worker/protocol.js'
import { idOf, valuesOf } from './id.js'

/**
 * Takes whatever a page may pass.
 *
 * @param name any of GA4's names; the worker refuses those that it has no use for
 * @param details the event's parameters, see `TrackDetails`
 * @returns undefined for an event about nothing, which is most of what a shop sends to GA4
 */
export function toWire(id: string, name: unknown, details: unknown): WireEvent | undefined {
  const given = Object(details) as Record<string, unknown>
  const items = valuesOf(given.items).flatMap(toItem)
  const query = text(given.query) ?? text(given.search_term)
  const slot = text(given.slot) ?? text(given.item_list_id)
  if (typeof name !== 'string' || (items.length === 0 && query === undefined)) return undefined
  return {
    id,
    name: name as EventName,
    time: Date.now(),
    items,
    ...(query === undefined ? {} : { query }),
    ...(slot === undefined ? {} : { slot }),
  }
}

function toItem(given: unknown): EventItem[] {
  const fields = Object(given) as Record<string, unknown>
  const item: EventItem = { item_id: idOf(fields.item_id) }
  for (const field of ['price', 'quantity'] as const) {
    const number = amount(fields[field])
    if (number !== undefined) item[field] = number
  }
  return item.item_id ? [item] : []
}

function text(value: unknown): string | undefined {
  return (typeof value === 'string' && value) || typeof value === 'number' ? `${value}` : undefined
}

/** Shops write prices as numbers and as texts. */
function amount(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}
