/**
 * Reads the log for the model: the steps of the running visit, the interests that earlier visits left, and the items that
 * the visitor does not want. These are pure functions of events in the order of the log. That order counts more than the
 * times: if the clock jumps back between two events, the gap between them counts as 0.
 */
import type { WireEvent } from '../protocol.js'
import { BOUNCE, BOUNCE_MS, DWELL, DWELL_MS, isStep, relativeToView, strengthOf } from './signals.js'

/** A visit ends after half an hour without events, as in GA4. */
const IDLE_MS = 30 * 60_000
const HALF_LIFE_MS = 30 * 86_400_000
const PROFILE_ITEMS = 200

/**
 * Weight of a view that was left at once, relative to a view. It is not the sum of the two strengths, which is 0: even a
 * short look shows the visitor's direction.
 */
const BOUNCED = 0.25

export interface SessionStep {
  /** Item id. */
  id: string
  /** Relative to a view, always positive. */
  weight: number
  /** Unix milliseconds. */
  time: number
}

export interface ProfileItem {
  /** Item id. */
  id: string
  strength: number
}

/** Index of the running visit's first event; `events.length` if the last visit is over at `now`. */
export function visitStart(events: readonly WireEvent[], now: number): number {
  let start = events.length
  let later = now
  while (start > 0 && later - events[start - 1]!.time <= IDLE_MS) later = events[--start]!.time
  return start
}

/** The steps of the running visit, oldest first. It reads only the running visit, so it is fast enough for every event. */
export function currentSession(events: readonly WireEvent[], now: number): SessionStep[] {
  return actsOf(events.slice(visitStart(events, now))).map(({ id, strength, time }) => ({
    id,
    weight: strength > 0 ? relativeToView(strength) : BOUNCED,
    time,
  }))
}

/**
 * Interest in items of earlier visits, strongest first: the sum of the strengths of what was done, which halve every 30
 * days. Impressions do not count, because they show what the shop offers. Items whose sum is not positive are left out.
 */
export function profile(events: readonly WireEvent[], now: number): ProfileItem[] {
  const sums = new Map<string, number>()
  const put = (id: string, strength: number, time: number) => {
    const age = Math.max(0, now - time)
    sums.set(id, (sums.get(id) ?? 0) + strength * 2 ** (-age / HALF_LIFE_MS))
  }
  const earlier = events.slice(0, visitStart(events, now))
  for (const { id, strength, time } of actsOf(earlier)) put(id, strength, time)
  for (const { name, items, time } of earlier) {
    const strength = strengthOf(name)
    if (strength < 0) for (const { item_id: id } of items) put(id, strength, time)
  }
  return [...sums]
    .filter(([, strength]) => strength > 0)
    .map(([id, strength]) => ({ id, strength }))
    .sort((a, b) => b.strength - a.strength)
    .slice(0, PROFILE_ITEMS)
}

/** Items that the visitor returned or asked to see less of, and has not chosen again since. */
export function lessLike(events: readonly WireEvent[]): Set<string> {
  const unwanted = new Set<string>()
  for (const { name, items } of events) {
    const strength = strengthOf(name)
    for (const { item_id: id } of items) {
      if (strength === -1) unwanted.add(id)
      // Stronger than a view: the item was bought, or put in the basket or on the wish list.
      else if (relativeToView(strength) > 1) unwanted.delete(id)
    }
  }
  return unwanted
}

interface Act {
  id: string
  strength: number
  time: number
}

/** The events that are steps, without repeats. */
function actsOf(events: readonly WireEvent[]): Act[] {
  const acts: Act[] = []
  let last: WireEvent | undefined
  for (const [e, event] of events.entries()) {
    if (!isStep(event.name)) continue
    // A click on a product and the view of its page are one act. A view that a page reports twice is one act too.
    if (last && repeats(last, event)) acts.pop()
    const strength = strengthInContext(events, e)
    for (const { item_id: id } of event.items) acts.push({ id, strength, time: event.time })
    last = event
  }
  return acts
}

function repeats(last: WireEvent, event: WireEvent): boolean {
  return (
    event.name === 'view_item' &&
    event.items.length === 1 &&
    last.items.length === 1 &&
    last.items[0]!.item_id === event.items[0]!.item_id &&
    (last.name === 'select_item' || (last.name === 'view_item' && event.time - last.time < BOUNCE_MS))
  )
}

/** Strength of an event, given what followed. A view of one item may be a long view, a bounce, or a plain view. */
function strengthInContext(events: readonly WireEvent[], e: number): number {
  const { name, items, time } = events[e]!
  const strength = strengthOf(name)
  const item = items[0]?.item_id
  if (relativeToView(strength) !== 1 || items.length !== 1) return strength
  for (let n = e + 1; n < events.length; n++) {
    const next = events[n]!
    const stayed = next.time - time
    if (stayed > IDLE_MS || stayed < 0) break
    if (stayed > DWELL_MS) return n === e + 1 ? DWELL : strength
    if (stayed >= BOUNCE_MS) break
    // A list that scrolls into view on the product's page does not end the view. Only going on to another item does.
    if (next.name === 'view_item_list') continue
    const elsewhere = isStep(next.name) && !next.items.some(({ item_id }) => item_id === item)
    return elsewhere ? strength + BOUNCE : strength
  }
  return strength
}
