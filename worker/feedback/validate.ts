/**
 * The border of the engine: events and shown lists from a page, from its outbox or from another tab come in here, or not
 * at all. The sender may be any script of the shop's page, so nothing is taken over as it came. Each entry is built anew,
 * field by field, from own properties, and every string, number and list has a limit.
 */
import type { EventItem, EventName, ShownList, WireEvent } from '../protocol.js'
import { EVENT_NAMES } from './signals.js'

/** Events of one call; the rest is left unanswered, so the sender sends it again. */
export const MAX_EVENTS = 1000
/** Items of one event, as in GA4, and positions of one list. The rest is dropped. */
export const MAX_ITEMS = 200
/** Lists of one call. */
const MAX_LISTS = 100
const MAX_ID = 128
const MAX_TEXT = 256

/** 2000-01-01. An earlier clock was never set. */
const EARLIEST = 946_684_800_000

export interface Validated {
  events: WireEvent[]
  /** Ids of events that will never be taken, so that nobody keeps them for a replay. */
  refused: string[]
}

/** @param now unix milliseconds by this device's clock */
export function validateEvents(input: unknown, now = Date.now()): Validated {
  const events: WireEvent[] = []
  const refused: string[] = []
  if (!Array.isArray(input)) return { events, refused }
  for (const value of input.slice(0, MAX_EVENTS)) {
    const event = rebuild(value, now)
    if (event) events.push(event)
    else {
      const id = own(value, 'id')
      if (typeof id === 'string') refused.push(id)
    }
  }
  return { events, refused }
}

function rebuild(value: unknown, now: number): WireEvent | undefined {
  const id = text(own(value, 'id'), MAX_ID)
  const name = own(value, 'name') as EventName
  if (id === undefined || !EVENT_NAMES.has(name)) return undefined
  const items = rebuildItems(own(value, 'items'))
  if (items.length === 0 && name !== 'view_search_results') return undefined
  const event: WireEvent = { id, name, time: plausible(own(value, 'time'), now), items }
  for (const field of ['query', 'slot', 'requestId'] as const) {
    const given = text(own(value, field), MAX_TEXT)
    if (given !== undefined) event[field] = given
  }
  return event
}

function rebuildItems(value: unknown): EventItem[] {
  const items: EventItem[] = []
  for (const given of Array.isArray(value) ? value.slice(0, MAX_ITEMS) : []) {
    const id = text(own(given, 'item_id'), MAX_TEXT)
    if (id === undefined) continue
    const item: EventItem = { item_id: id }
    for (const field of ['price', 'quantity', 'position'] as const) {
      const number = own(given, field)
      if (typeof number === 'number' && number >= 0 && number < Infinity) item[field] = number
    }
    items.push(item)
  }
  return items
}

/** Shown lists that make sense; the others are dropped. */
export function validateLists(input: unknown, now = Date.now()): ShownList[] {
  const lists: ShownList[] = []
  for (const value of Array.isArray(input) ? input.slice(0, MAX_LISTS) : []) {
    const requestId = text(own(value, 'requestId'), MAX_ID)
    const slot = text(own(value, 'slot'), MAX_TEXT)
    const by = own(value, 'by')
    const ids = own(value, 'ids')
    if (requestId === undefined || slot === undefined || !Array.isArray(ids)) continue
    if (by !== 'device' && by !== 'server') continue
    const shown = ids.slice(0, MAX_ITEMS).map((id) => text(id, MAX_TEXT) ?? '')
    lists.push({ requestId, slot, time: plausible(own(value, 'time'), now), by, ids: shown })
  }
  return lists
}

/**
 * The page and this worker read the same clock, so a time after `now`, or before clocks were set, means that the
 * clock has jumped since. The act is real all the same and its time the lesser part of it: it is taken as of now.
 */
function plausible(time: unknown, now: number): number {
  return typeof time === 'number' && time >= EARLIEST && time <= now ? Math.round(time) : now
}

function text(value: unknown, longest: number): string | undefined {
  return typeof value === 'string' && value && value.length <= longest && !/\p{Cc}/u.test(value)
    ? value
    : undefined
}

/** An own property: what a prototype has to say is nobody's statement about an event. */
function own(value: unknown, key: string): unknown {
  const object = Object(value)
  return Object.hasOwn(object, key) ? object[key] : undefined
}
