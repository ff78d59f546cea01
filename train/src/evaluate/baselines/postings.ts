/** The inverted index of a log: where each item occurs. The rule baselines are computed from it. */
import type { Interactions } from '../../data/interactions.js'

export interface Postings {
  /** Events of item i are [starts[i], starts[i + 1]) in `events`. */
  starts: Uint32Array
  /** Event indices, ascending within an item. */
  events: Uint32Array
  /** Session of each event. */
  sessionOf: Uint32Array
}

export function invert({ ids, rows, offsets }: Interactions): Postings {
  const starts = new Uint32Array(ids.length + 1)
  for (const row of rows) starts[row + 1] = starts[row + 1]! + 1
  for (let i = 0; i < ids.length; i++) starts[i + 1] = starts[i + 1]! + starts[i]!
  const next = starts.slice()
  const events = new Uint32Array(rows.length)
  const sessionOf = new Uint32Array(rows.length)
  for (let s = 0; s + 1 < offsets.length; s++) {
    for (let e = offsets[s]!; e < offsets[s + 1]!; e++) {
      sessionOf[e] = s
      const row = rows[e]!
      events[next[row]!] = e
      next[row] = next[row]! + 1
    }
  }
  return { starts, events, sessionOf }
}
