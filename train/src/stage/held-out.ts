/** The two parts of a training log: what a first model learned from, and the later sessions. */
import type { Interactions } from '../data/interactions.js'

/** @param heldOut how many of the last sessions with positive events; only such events are in the second part */
export function partsOf(log: Interactions, heldOut: number): [known: Interactions, held: Interactions] {
  const { offsets, weights } = log
  const isPositive = (e: number) => weights[e]! > 0
  const eventsOf = (s: number) =>
    Array.from({ length: offsets[s + 1]! - offsets[s]! }, (_, i) => offsets[s]! + i).filter(isPositive)
  const sessions = Array.from({ length: offsets.length - 1 }, (_, s) => s).filter(
    (s) => eventsOf(s).length > 0,
  )
  const cut = sessions.length - heldOut
  return [partOf(log, sessions.slice(0, cut), eventsOf), partOf(log, sessions.slice(cut), eventsOf)]
}

function partOf(
  { ids, rows, weights, times, users, time }: Interactions,
  sessions: readonly number[],
  eventsOf: (session: number) => number[],
): Interactions {
  const events: number[] = []
  const offsets = [0]
  for (const session of sessions) {
    for (const e of eventsOf(session)) events.push(e)
    offsets.push(events.length)
  }
  return {
    ids,
    time,
    offsets: Uint32Array.from(offsets),
    rows: Uint32Array.from(events, (e) => rows[e]!),
    weights: Float32Array.from(events, (e) => weights[e]!),
    times: Float64Array.from(events, (e) => times[e]!),
    users: users && Int32Array.from(sessions, (s) => users[s]!),
  }
}
