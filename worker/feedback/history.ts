/**
 * Reads the log for the model: the steps of the running visit, and the interests that earlier visits left. These are pure
 * functions of events in the order of the log. An item that the visitor refused is neither a step nor an interest.
 */
import type { WireEvent } from '../protocol.js'
import { actsOf, IDLE_MS } from './acts.js'
import { relativeToView, STRENGTHS, type Strengths } from './signals.js'
import { inForce, lessLike } from './unwanted.js'

export const HALF_LIFE_MS = 30 * 86_400_000
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

/** The steps of the running visit, oldest first. */
export function currentSession(
  events: readonly WireEvent[],
  now: number,
  strengths: Strengths = STRENGTHS,
): SessionStep[] {
  const unwanted = lessLike(events)
  return actsOf(events.slice(visitStart(events, now)), strengths)
    .filter(({ id }) => !unwanted.has(id))
    .map(({ id, strength, time }) => ({
      id,
      weight: strength > 0 ? relativeToView(strength, strengths) : BOUNCED,
      time,
    }))
}

/**
 * Interest in items of earlier visits, strongest first: the sum of the strengths of what was done, which halve every 30
 * days. Impressions do not count, because they show what the shop offers. Items whose sum is not positive are left out.
 */
export function profile(
  events: readonly WireEvent[],
  now: number,
  strengths: Strengths = STRENGTHS,
): ProfileItem[] {
  const sums = new Map<string, number>()
  const put = (id: string, strength: number, time: number) => {
    const age = Math.max(0, now - time)
    sums.set(id, (sums.get(id) ?? 0) + strength * 2 ** (-age / HALF_LIFE_MS))
  }
  const earlier = inForce(events).slice(0, visitStart(events, now))
  for (const { id, strength, time } of actsOf(earlier, strengths)) put(id, strength, time)
  for (const { name, items, time } of earlier) {
    const strength = strengths[name]
    if (strength < 0) for (const { item_id: id } of items) put(id, strength, time)
  }
  const unwanted = lessLike(events)
  return [...sums]
    .filter(([id, strength]) => strength > 0 && !unwanted.has(id))
    .map(([id, strength]) => ({ id, strength }))
    .sort((a, b) => b.strength - a.strength)
    .slice(0, PROFILE_ITEMS)
}
