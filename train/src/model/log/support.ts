/**
 * The support rule for single items: an item with fewer than k distinct sessions (people, where they are known) is
 * rare, and nothing learned from its sessions goes into the pack.
 */
import type { Log } from './log.js'

export interface Support {
  /** 1 for a rare item. */
  rare: Uint8Array
  /** Sessions with each item; 0 for a rare one. */
  popularity: Uint32Array
}

/** @param known 1 for items that can be recommended. All others are rare, no matter how many people saw them. */
export function supportOf(log: Log, k: number, known?: Uint8Array): Support {
  const { people, sessions: popularity } = countItems(log)
  const rare = new Uint8Array(log.items)
  for (let row = 0; row < log.items; row++) {
    // An item that is in the catalogue but not in this log has no vector of its own either.
    if (people[row]! < Math.max(1, k) || known?.[row] === 0) {
      rare[row] = 1
      popularity[row] = 0
    }
  }
  return { rare, popularity }
}

/**
 * Counts the distinct sessions and the distinct people of each item.
 * @param from the first session that counts
 */
export function countItems(log: Log, from = 0): { sessions: Uint32Array; people: Uint32Array } {
  const sessions = new Uint32Array(log.items)
  const people = new Uint32Array(log.items)
  const lastSession = new Int32Array(log.items).fill(-1)
  const lastPerson = new Int32Array(log.items).fill(-1)
  for (const s of sessionsByPerson(log)) {
    if (s < from) continue
    for (let e = log.offsets[s]!; e < log.offsets[s + 1]!; e++) {
      const row = log.rows[e]!
      if (lastSession[row] !== s) sessions[row]!++
      if (lastPerson[row] !== log.persons[s]) people[row]!++
      lastSession[row] = s
      lastPerson[row] = log.persons[s]!
    }
  }
  return { sessions, people }
}

/** Which part of a log has vectors of its own in a pack with this k: shares of the log's items and of its events. */
export interface Coverage {
  k: number
  items: number
  events: number
}

export function coverageOf(log: Log, ks: readonly number[]): Coverage[] {
  const { people } = countItems(log)
  const seen = people.reduce((sum, n) => sum + (n > 0 ? 1 : 0), 0)
  return ks.map((k) => {
    const kept = (row: number) => people[row]! >= Math.max(1, k)
    const items = people.reduce((sum, _, row) => sum + (kept(row) ? 1 : 0), 0)
    const events = log.rows.reduce((sum, row) => sum + (kept(row) ? 1 : 0), 0)
    return { k, items: items / Math.max(1, seen), events: events / Math.max(1, log.rows.length) }
  })
}

/**
 * All session numbers, ordered so that the sessions of a person stand together, in time order. Distinct people can then
 * be counted without sets.
 */
export function sessionsByPerson(log: Log): Uint32Array {
  const order = Uint32Array.from({ length: log.sessions }, (_, s) => s)
  return order.sort((a, b) => log.persons[a]! - log.persons[b]! || a - b)
}
