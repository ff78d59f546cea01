/**
 * Splits a log. Members and outsiders must be drawn at random from the same days. Otherwise the attack would measure how
 * the shop changes, not what the pack remembers.
 */
import type { Interactions } from '../data/interactions.js'
import { mix } from '../maths/random.js'

/** Share of the sessions, the latest, from which members and outsiders are drawn. */
const LOT = 0.5
/** Share of the sessions, the latest, that counts as a day if the log has no days. */
const DAY_SHARE = 0.01
/** If the last day is a larger share of the log than this, it says little about a daily release. */
const DAY_MOST = 0.2
const DAY_SECONDS = 86_400

export interface Parts {
  /** The older half of the sessions, which every pack is trained on. */
  base: number[]
  /** One third of the newer half each. All sessions of a person are in the same part. */
  members: number[]
  outsiders: number[]
  /** The sessions for the attacker's own pack. */
  reference: number[]
}

/** Session numbers of each part. */
export function castLots({ offsets, users }: Interactions, seed: number): Parts {
  const sessions = offsets.length - 1
  const parts: Parts = { base: [], members: [], outsiders: [], reference: [] }
  const from = Math.floor(sessions * (1 - LOT))
  const lots = [parts.members, parts.outsiders, parts.reference]
  for (let s = 0; s < sessions; s++) {
    const part = s < from ? parts.base : lots[mix(seed, 0x107, users ? users[s]! : s) % lots.length]!
    part.push(s)
  }
  return parts
}

/** First session of the log's last day. */
export function lastDay({ offsets, times, time }: Interactions): number {
  const sessions = offsets.length - 1
  const latest = Math.max(0, Math.min(sessions - 1, Math.floor(sessions * (1 - DAY_SHARE))))
  if (time === 'order') return latest
  const endOf = (s: number) => times[offsets[s + 1]! - 1]!
  let first = sessions - 1
  while (first > 0 && endOf(first - 1) > endOf(sessions - 1) - DAY_SECONDS) first--
  return first < sessions * (1 - DAY_MOST) ? latest : first
}

/** A log with some of the sessions, in the given order. Items keep their numbers. */
export function sessionsOf(data: Interactions, sessions: readonly number[]): Interactions {
  const { offsets, users } = data
  const starts = new Uint32Array(sessions.length + 1)
  for (const [i, s] of sessions.entries()) starts[i + 1] = starts[i]! + offsets[s + 1]! - offsets[s]!
  const events = starts[sessions.length]!
  const rows = new Uint32Array(events)
  const weights = new Float32Array(events)
  const times = new Float64Array(events)
  for (const [i, s] of sessions.entries()) {
    rows.set(data.rows.subarray(offsets[s]!, offsets[s + 1]!), starts[i])
    weights.set(data.weights.subarray(offsets[s]!, offsets[s + 1]!), starts[i])
    times.set(data.times.subarray(offsets[s]!, offsets[s + 1]!), starts[i])
  }
  return {
    ...data,
    offsets: starts,
    rows,
    weights,
    times,
    users: users && Int32Array.from(sessions, (s) => users[s]!),
  }
}

/** Gives the items of both logs one numbering: that of the first log, continued for new ids. */
export function renumbered(data: Interactions, ids: readonly string[]): { rows: Uint32Array; ids: string[] } {
  const numbers = new Map(ids.map((id, row) => [id, row]))
  const all = [...ids]
  for (const id of data.ids) if (!numbers.has(id)) numbers.set(id, all.push(id) - 1)
  return { rows: Uint32Array.from(data.rows, (row) => numbers.get(data.ids[row]!)!), ids: all }
}
