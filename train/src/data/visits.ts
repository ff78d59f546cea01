/** A log as visits: the distinct items of each session, and what they leave behind in the profile of who comes back. */
import { profile } from '../../../worker/feedback/history.js'
import { EVENT_NAMES, isStep, relativeToView, strengthOf } from '../../../worker/feedback/signals.js'
import type { EventName, WireEvent } from '../../../worker/protocol.js'
import type { Interactions } from './interactions.js'

export interface Visit {
  /** Rows of the log's items, each once, in order of first appearance. */
  items: number[]
  /** Strength of each, relative to a view: the strongest event's. */
  weights: number[]
  /** Of its first and last event, as the log has it. */
  from: number
  to: number
  /** Negative where nobody is known. */
  person: number
}

/** @param only some of the sessions, in the order of the log */
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
 * What the engine's long-term profile makes of a person's earlier visits when the next one begins: items by falling
 * strength. A visit's items of the same strength are one event of the device's log.
 * @param earlier oldest first
 * @param now time of the next visit; the last of the earlier ones is taken to be over
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
