/**
 * The sessions that an attacker asks about. For each one it is known how exposed it is: whether it has a pair (or an
 * item) that fewer than k other sessions of the training share. k exists to protect these sessions.
 */

import { permutation, random } from '../maths/random.js'
import type { Log } from '../model/log/log.js'
import { sessionsByPerson } from '../model/log/support.js'

export interface Suspect {
  /** Rows of the pack, in order; -1 if it does not have the item. At least two events. */
  rows: number[]
  weights: number[]
  rareItem: boolean
  rarePair: boolean
  /**
   * Number of distinct items that are not in the list of ids, and of those that are in it without a vector of their
   * own.
   */
  unnamed: number
  named: number
}

export interface Knowledge {
  /** The pack's row of each item of the logs, or -1. */
  packRows: Int32Array
  /** 1 if the pack's list of ids has the item. */
  listed: Uint8Array
  /** Whether a row has no vector of its own. */
  hidden: (packRow: number) => boolean
  k: number
}

/** Largest number of sessions on each side. Enough for intervals of about 1 %, and fast. */
const MOST = 5000
/** Pairs that are further apart are in no table. */
const REACH = 10

/**
 * @param asked sessions in question
 * @param training the log that the pack was trained on; its items have the same numbers as those of `asked`
 * @param member whether the sessions in question are in the training, so that their own pairs count
 */
export function suspectsOf(
  asked: Log,
  training: Log,
  member: boolean,
  { packRows, listed, hidden, k }: Knowledge,
  seed: number,
): Suspect[] {
  const all: number[] = []
  for (let s = 0; s < asked.sessions; s++) if (asked.offsets[s + 1]! - asked.offsets[s]! > 1) all.push(s)
  const chosen = Array.from(
    permutation(all.length, random(seed, 0x5e55)).subarray(0, MOST).sort(),
    (i) => all[i]!,
  )
  const items = asked.items
  const itemPeople = new Map<number, number>()
  const pairPeople = new Map<number, number>()
  for (const s of chosen) {
    for (const item of itemsOf(asked, s)) itemPeople.set(item, 0)
    for (const pair of pairsOf(asked, s, items)) pairPeople.set(pair, 0)
  }
  countPeople(training, itemPeople, itemsOf)
  countPeople(training, pairPeople, (log, s) => pairsOf(log, s, items))
  const others = k + (member ? 1 : 0)
  return chosen.map((s) => {
    const own = [...itemsOf(asked, s)]
    const events = asked.rows.subarray(asked.offsets[s]!, asked.offsets[s + 1]!)
    return {
      rows: Array.from(events, (item) => packRows[item]!),
      weights: [...asked.weights.subarray(asked.offsets[s]!, asked.offsets[s + 1]!)],
      rareItem: own.some((item) => itemPeople.get(item)! < others),
      rarePair: [...pairsOf(asked, s, items)].some((pair) => pairPeople.get(pair)! < others),
      unnamed: own.filter((item) => !listed[item]).length,
      named: own.filter((item) => listed[item] && hidden(packRows[item]!)).length,
    }
  })
}

function itemsOf(log: Log, s: number): Set<number> {
  return new Set(log.rows.subarray(log.offsets[s]!, log.offsets[s + 1]!))
}

/** Unordered pairs of different items near each other, each as one number. */
export function pairsOf(log: Log, s: number, items: number): Set<number> {
  const pairs = new Set<number>()
  const end = log.offsets[s + 1]!
  for (let e = log.offsets[s]!; e < end; e++) {
    for (let o = e + 1; o < Math.min(end, e + REACH + 1); o++) {
      const a = log.rows[e]!
      const b = log.rows[o]!
      if (a !== b) pairs.add(Math.min(a, b) * items + Math.max(a, b))
    }
  }
  return pairs
}

/** Counts the distinct people of each key that the map already has. */
export function countPeople(
  log: Log,
  counts: Map<number, number>,
  keysOf: (log: Log, session: number) => Set<number>,
): void {
  const last = new Map<number, number>()
  for (const s of sessionsByPerson(log)) {
    const person = log.persons[s]!
    for (const key of keysOf(log, s)) {
      const count = counts.get(key)
      if (count === undefined || last.get(key) === person) continue
      counts.set(key, count + 1)
      last.set(key, person)
    }
  }
}
