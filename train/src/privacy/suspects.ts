/**
 * The sessions that an attacker asks about, each with how exposed it is: whether it holds a pair (or an item) that fewer
 * than k other sessions of the training share. Those are the sessions that k is there for.
 */

import { permutation, random } from '../maths/random.js'
import type { Log } from '../model/log/log.js'
import { sessionsByPerson } from '../model/log/support.js'

export interface Suspect {
  /** Rows of the pack, in order; -1 where it lacks the item. Two events at least. */
  rows: number[]
  weights: number[]
  rareItem: boolean
  rarePair: boolean
  /** Distinct items that the list of ids does not name, and those that it names without a vector of their own. */
  unnamed: number
  named: number
}

export interface Knowledge {
  /** Row of the pack of each item of the logs, or -1. */
  packRows: Int32Array
  /** 1 where the pack's list of ids names the item. */
  listed: Uint8Array
  /** 1 for rows without a vector of their own. */
  hidden: (packRow: number) => boolean
  k: number
}

/** Sessions asked about on either side, at most: enough for intervals of a percent, and quick. */
const MOST = 5000
/** Pairs further apart are in no table. */
const REACH = 10

/**
 * @param asked sessions in question
 * @param training what the pack was trained on; its items are numbered as those of `asked`
 * @param member whether the sessions in question are in the training, and so support their own pairs
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

/** Unordered pairs of different items that stand near each other, each as one number. */
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
