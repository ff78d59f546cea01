/**
 * Checks all events and shown lists that come into the engine: from a page, from its outbox or from another tab. The sender
 * may be any script of the shop's page, so nothing is used as it came. Each entry is built again, field by field, from own
 * properties, and every string, number and list has a limit.
 */
import type { EventItem, EventName, Preferences, ShownList, WireEvent } from '../protocol.js'
import { EVENT_NAMES } from './signals.js'

/** The most events of one call. The rest is not acknowledged, so the sender sends it again. */
export const MAX_EVENTS = 1000
/** The most items of one event, as in GA4, and the most positions of one list. The rest is dropped. */
export const MAX_ITEMS = 200
/** The most lists of one call. */
const MAX_LISTS = 100
/** The most categories, and the most brands, that one event prefers. */
const MAX_NAMES = 50
const MAX_ID = 128
const MAX_TEXT = 256

/** 2000-01-01. A clock with an earlier time was never set. */
const EARLIEST = 946_684_800_000

/** A day, in milliseconds. */
const LONGEST_VISIBLE = 86_400_000

export interface Validated {
  events: WireEvent[]
  /** Ids of events that will never be accepted, so that the sender need not send them again. */
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
  if (items.length === 0 && name !== 'view_search_results' && name !== 'prefer') return undefined
  const event: WireEvent = { id, name, time: plausible(own(value, 'time'), now), items }
  if (name === 'prefer') event.prefer = rebuildPreferences(own(value, 'prefer') ?? asSent(value))
  for (const field of ['query', 'slot', 'requestId'] as const) {
    const given = text(own(value, field), MAX_TEXT)
    if (given !== undefined) event[field] = given
  }
  const visible = amount(own(value, 'visible'))
  if (visible !== undefined) event.visible = Math.min(visible, LONGEST_VISIBLE)
  return event
}

function rebuildItems(value: unknown): EventItem[] {
  const items: EventItem[] = []
  for (const given of Array.isArray(value) ? value.slice(0, MAX_ITEMS) : []) {
    const id = text(own(given, 'item_id'), MAX_TEXT)
    if (id === undefined) continue
    const item: EventItem = { item_id: id }
    for (const field of ['price', 'quantity', 'position'] as const) {
      const number = amount(own(given, field))
      if (number !== undefined) item[field] = number
    }
    items.push(item)
  }
  return items
}

/** The preferences of an event that comes from a page, which sends them flat. */
function asSent(value: unknown) {
  const lines = (field: string) => {
    const names = own(value, field)
    return typeof names === 'string' ? names.split('\n', MAX_NAMES) : []
  }
  return {
    categories: lines('categories'),
    brands: lines('brands'),
    price: { min: own(value, 'min'), max: own(value, 'max') },
  }
}

/** Nothing of it may be left. That is valid too: the visitor takes back what they preferred. */
function rebuildPreferences(value: unknown): Preferences {
  const preferences: Preferences = {}
  for (const field of ['categories', 'brands'] as const) {
    const given = own(value, field)
    const names = (Array.isArray(given) ? given.slice(0, MAX_NAMES) : []).flatMap(
      (name) => text(name, MAX_TEXT) ?? [],
    )
    if (names.length > 0) preferences[field] = names
  }
  const range = own(value, 'price')
  for (const end of ['min', 'max'] as const) {
    const price = amount(own(range, end))
    if (price !== undefined) preferences.price = { ...preferences.price, [end]: price }
  }
  return preferences
}

/** The shown lists that are valid. Others are dropped. */
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
    const list: ShownList = { requestId, slot, time: plausible(own(value, 'time'), now), by, ids: shown }
    const propensities = own(value, 'propensities')
    if (Array.isArray(propensities) && propensities.length >= shown.length)
      list.propensities = shown.map((_, i) => probability(propensities[i]))
    lists.push(list)
  }
  return lists
}

function probability(value: unknown): number {
  return typeof value === 'number' && value > 0 && value <= 1 ? value : 0
}

/**
 * The page and this worker read the same clock. So a time after `now`, or before 2000, means that the clock has jumped since.
 * The event is still real, and matters more than its exact time, so it gets the time `now`.
 */
function plausible(given: unknown, now: number): number {
  const time = amount(given)
  return time !== undefined && time >= EARLIEST && time <= now ? Math.round(time) : now
}

/** A page's outbox keeps numbers as texts. */
function amount(value: unknown): number | undefined {
  const number = typeof value === 'string' && value ? Number(value) : value
  return typeof number === 'number' && number >= 0 && number < Infinity ? number : undefined
}

function text(value: unknown, longest: number): string | undefined {
  return typeof value === 'string' && value && value.length <= longest && !/\p{Cc}/u.test(value)
    ? value
    : undefined
}

/** Reads an own property. An inherited property says nothing about this event. */
function own(value: unknown, key: string): unknown {
  const object = Object(value)
  return Object.hasOwn(object, key) ? object[key] : undefined
}
