/** A log as sets: the distinct items of each session, in the order of the log. */
import type { Interactions } from '../data/interactions.js'

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

export function visitsOf({ offsets, rows, weights, times, users }: Interactions): Visit[] {
  return Array.from({ length: offsets.length - 1 }, (_, s) => {
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
