/** A log as visits: the distinct items of each session, and the long-term profile that earlier visits give a person. */
import { profile } from '../../../worker/feedback/history.js'
import { EVENT_NAMES, isStep, relativeToView, strengthOf } from '../../../worker/feedback/signals.js'
import type { EventName, WireEvent } from '../../../worker/protocol.js'
import type { Interactions } from './interactions.js'

export interface Visit {
  /** Rows of the log's items, each once, in the order of their first event. */
  items: number[]
  /** Strength of each item relative to a view: that of its strongest event. */
  weights: number[]
  /** Times of the first and last event, in the log's unit. */
  from: number
  to: number
  /** Negative if the person is unknown. */
  person: number
}

/** @param only the sessions to use; all by default */
export function visitsOf(
  { offsets, rows, weights, times, users }: Interactions,
  only: Iterable<number> = Array(offsets.length - 1).keys(),
): Visit[] {
  return Array.from(only, (s) => {
    const strongest = new Map<number, number>()
    for (let e = offsets[s]!; e < offsets[s + 1]!; e++) {
      strongest.set(rows[e]!, Math.max(strongest.get(rows[e]!) ?? 0, weights[e]!))
    }
    return {
      items: [...strongest.keys()],
      weights: [...strongest.values()],
      from: times[offsets[s]!]!,
      to: times[offsets[s + 1]! - 1]!,
      person: users ? users[s]! : -1,
    }
  })
}

const HOUR_MS = 3_600_000

/**
 * The engine's long-term profile of a person when the next visit begins: items by falling strength. Items of a visit
 * with the same strength become one event, as in the device's event log.
 * @param earlier oldest first
 * @param now time of the next visit; the last earlier visit is assumed to be over
 */
export function interestsAfter(earlier: readonly Visit[], now: number): { item: number; strength: number }[] {
  const events: WireEvent[] = []
  for (const { items, weights, to } of earlier) {
    for (const weight of new Set(weights)) {
      const same = items.filter((_, i) => weights[i] === weight)
      events.push({
        id: String(events.length),
        name: eventOf(weight),
        time: 1000 * to,
        items: same.map((item) => ({ item_id: String(item) })),
      })
    }
  }
  const last = events.reduce((latest, { time }) => Math.max(latest, time), 0)
  const found = profile(events, Math.max(1000 * now, last + HOUR_MS))
  return found.map(({ id, strength }) => ({ item: Number(id), strength }))
}

const STEPS: EventName[] = [...EVENT_NAMES].filter(isStep)

/** The event whose strength is nearest to a step's weight. */
function eventOf(weight: number): EventName {
  const distance = (name: EventName) => Math.abs(relativeToView(strengthOf(name)) - weight)
  return STEPS.reduce((best, name) => (distance(name) < distance(best) ? name : best))
}
