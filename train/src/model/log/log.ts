/**
 * The training log in the form that the model reads: positive events only, with a number for each person. It can be cut
 * by time.
 */
import type { Interactions } from '../../data/interactions.js'

export interface Log {
  items: number
  sessions: number
  /** Uint32Array of sessions + 1. */
  offsets: Uint32Array
  rows: Uint32Array
  weights: Float32Array
  /** How much each event counts as something to predict: a click in a list more, the fewer people look there. Absent: alike. */
  trust?: Float32Array | undefined
  /**
   * The person of each session, for counting distinct people. A session of an unknown person has a number of its own.
   */
  persons: Int32Array
  /** Time of each session's last event, in the unit of the log. */
  ends: Float64Array
}

/** The sessions in their order, without negative events (weights of 0 and below). Empty sessions are left out. */
export function positiveLog(data: Interactions): Log {
  const count = data.offsets.length - 1
  const rows = new Uint32Array(data.rows.length)
  const weights = new Float32Array(data.rows.length)
  const trust = data.trust && new Float32Array(data.rows.length)
  const offsets = new Uint32Array(count + 1)
  const persons = new Int32Array(count)
  const ends = new Float64Array(count)
  let strangers = 0
  if (data.users) for (const user of data.users) strangers = Math.max(strangers, user + 1)
  let events = 0
  let sessions = 0
  for (let s = 0; s < count; s++) {
    const before = events
    for (let e = data.offsets[s]!; e < data.offsets[s + 1]!; e++) {
      if (!(data.weights[e]! > 0)) continue
      rows[events] = data.rows[e]!
      if (trust) trust[events] = data.trust![e]!
      weights[events++] = data.weights[e]!
    }
    if (events === before) continue
    // A session of an unknown person counts as a person of its own.
    const user = data.users ? data.users[s]! : s
    ends[sessions] = data.times[data.offsets[s + 1]! - 1]!
    persons[sessions++] = user >= 0 ? user : strangers++
    offsets[sessions] = events
  }
  return {
    items: data.ids.length,
    sessions,
    offsets: offsets.slice(0, sessions + 1),
    rows: rows.slice(0, events),
    weights: weights.slice(0, events),
    trust: trust?.slice(0, events),
    persons: persons.slice(0, sessions),
    ends: ends.slice(0, sessions),
  }
}

/** Sessions [from, to) of a log, without copying events. */
export function sliceLog(log: Log, from: number, to: number): Log {
  const start = log.offsets[from]!
  const end = log.offsets[to]!
  return {
    items: log.items,
    sessions: to - from,
    offsets: log.offsets.slice(from, to + 1).map((offset) => offset - start),
    rows: log.rows.subarray(start, end),
    weights: log.weights.subarray(start, end),
    trust: log.trust?.subarray(start, end),
    persons: log.persons.subarray(from, to),
    ends: log.ends.subarray(from, to),
  }
}

/** The latest sessions, with at most `events` events together. The log itself if it has no more events than that. */
export function latest(log: Log, events: number): Log {
  if (log.rows.length <= events) return log
  let from = log.sessions
  while (from > 0 && log.rows.length - log.offsets[from - 1]! <= events) from--
  return sliceLog(log, from, log.sessions)
}

/** The log with only the items that `keep` accepts. Sessions that become empty are left out. */
export function onlyItems(log: Log, keep: (row: number) => boolean): Log {
  const rows: number[] = []
  const weights: number[] = []
  const trust: number[] = []
  const offsets = [0]
  const sessions: number[] = []
  for (let s = 0; s < log.sessions; s++) {
    for (let e = log.offsets[s]!; e < log.offsets[s + 1]!; e++) {
      if (!keep(log.rows[e]!)) continue
      rows.push(log.rows[e]!)
      weights.push(log.weights[e]!)
      if (log.trust) trust.push(log.trust[e]!)
    }
    if (rows.length === offsets.at(-1)) continue
    offsets.push(rows.length)
    sessions.push(s)
  }
  return {
    items: log.items,
    sessions: sessions.length,
    offsets: Uint32Array.from(offsets),
    rows: Uint32Array.from(rows),
    weights: Float32Array.from(weights),
    trust: log.trust && Float32Array.from(trust),
    persons: Int32Array.from(sessions, (s) => log.persons[s]!),
    ends: Float64Array.from(sessions, (s) => log.ends[s]!),
  }
}
