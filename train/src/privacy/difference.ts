/**
 * An attacker compares today's pack with yesterday's: what is new in it comes from today's visits.
 *
 * k limits how few sessions a number may come from, not how few sessions changed it. A pair that k - 1 sessions had
 * before appears because of one session; an exact count that changes from k to k + 1 also shows one session. This
 * attack measures how often that happens. (Calandrino et al. 2011 infer single purchases from changes of public
 * item-to-item lists.)
 */
import type { Catalog } from '../../../worker/catalog/catalog.js'
import type { Log } from '../model/log/log.js'
import { countPeople } from './suspects.js'

export interface Difference {
  /** Sessions of two or more events that the second pack was trained on and the first was not. */
  added: number
  /** Entries of a neighbour table that are new. */
  newPairs: {
    count: number
    /** New entries whose items are together in at least one added session, and in exactly one. */
    together: number
    onOneSession: number
    /**
     * Share of the new entries that are consecutive steps of an added session, and share of all such steps that are
     * found.
     */
    precision: number
    recall: number
    /**
     * The precision of the same number of guesses from yesterday's pack alone: the strongest neighbours of popular
     * items.
     */
    guessed: number
  }
  /** Pairs that were there before and have more weight now, and the share of them that is in an added session. */
  risenPairs: { count: number; precision: number }
  sessions: {
    /** Share of added sessions with at least one pair that can be attributed to this session alone. */
    pair: number
    /** Among sessions with three or more different items: share in which every step is a new pair. */
    chain: number
    /**
     * Share with an item whose count changed because of this session alone: with the counts as they are, and if only
     * powers of two were shown.
     */
    count: number
    coarseCount: number
    /** Share with an item that got its own vector because of this session alone. */
    vector: number
  }
}

/** A pack, and the row of each item of the log in it (-1 if the pack does not have the item). */
export interface Opened {
  catalog: Catalog
  rowOf: Int32Array
}

/** @param added the sessions that are new in `after`; items have the same numbers as in both `rowOf` */
export function difference(before: Opened, after: Opened, added: Log): Difference {
  const { items } = added
  const sessions = Array.from({ length: added.sessions }, (_, s) => s).filter(
    (s) => added.offsets[s + 1]! - added.offsets[s]! > 1,
  )
  const { fresh, risen } = entries(before, after, items)
  const together = new Map<number, number>()
  for (const key of [...fresh, ...risen]) together.set(unordered(key, items), 0)
  countPeople(added, together, (log, s) => wholePairs(log, s, items))
  const has = (key: number) => together.get(unordered(key, items))!
  const alone = new Set([...fresh].filter((key) => has(key) === 1).map((key) => unordered(key, items)))

  const steps = new Set(sessions.flatMap((s) => stepsOf(added, s)))
  const read = [...steps].filter((key) => fresh.has(key)).length
  const guesses = strongest(before, items, fresh.size)
  const rises = [...risen]
  const long = sessions.filter((s) => new Set(rowsOf(added, s)).size >= 3)
  const itemPeople = new Map<number, number>(Array.from({ length: items }, (_, item) => [item, 0]))
  countPeople(added, itemPeople, (log, s) => new Set(rowsOf(log, s)))
  const told = (changed: (item: number) => boolean) => {
    const telling = new Set(
      [...itemPeople].filter(([item, people]) => people === 1 && changed(item)).map(([item]) => item),
    )
    return share(sessions, (s) => rowsOf(added, s).some((item) => telling.has(item)))
  }
  const count = ({ catalog, rowOf }: Opened, item: number) =>
    rowOf[item]! < 0 ? 0 : catalog.popularity(rowOf[item]!)
  const visible = (pack: Opened, item: number) => count(pack, item) > 0
  return {
    added: sessions.length,
    newPairs: {
      count: fresh.size,
      together: [...fresh].filter((key) => has(key) > 0).length,
      onOneSession: [...fresh].filter((key) => has(key) === 1).length,
      precision: ratio(read, fresh.size),
      recall: ratio(read, steps.size),
      guessed: ratio(guesses.filter((key) => steps.has(key)).length, guesses.length),
    },
    risenPairs: { count: rises.length, precision: share(rises, (key) => has(key) > 0) },
    sessions: {
      pair: share(sessions, (s) => [...wholePairs(added, s, items)].some((pair) => alone.has(pair))),
      chain: share(long, (s) => stepsOf(added, s).every((key) => fresh.has(key))),
      count: told((item) => count(before, item) !== count(after, item)),
      coarseCount: told((item) => floor2(count(before, item)) !== floor2(count(after, item))),
      vector: told((item) => !visible(before, item) && visible(after, item)),
    },
  }

  /** Steps from one item to a different one, as ordered keys. */
  function stepsOf(log: Log, s: number): number[] {
    const rows = rowsOf(log, s)
    return [...rows.keys()]
      .slice(1)
      .filter((i) => rows[i] !== rows[i - 1])
      .map((i) => rows[i - 1]! * items + rows[i]!)
  }
}

function rowsOf(log: Log, s: number): number[] {
  return [...log.rows.subarray(log.offsets[s]!, log.offsets[s + 1]!)]
}

function wholePairs(log: Log, s: number, items: number): Set<number> {
  const distinct = [...new Set(rowsOf(log, s))]
  return new Set(
    distinct.flatMap((a, i) => distinct.slice(i + 1).map((b) => unordered(a * items + b, items))),
  )
}

function unordered(key: number, items: number): number {
  const a = Math.floor(key / items)
  const b = key % items
  return Math.min(a, b) * items + Math.max(a, b)
}

/**
 * Entries of the new tables that the old table of the same name does not have, and entries that have more weight in
 * their row than before.
 */
function entries(before: Opened, after: Opened, items: number): { fresh: Set<number>; risen: Set<number> } {
  const fresh = new Set<number>()
  const risen = new Set<number>()
  const itemAt = new Map([...after.rowOf].map((row, item) => [row, item]))
  for (const [t, name] of after.catalog.tables.entries()) {
    const old = before.catalog.tables.indexOf(name)
    for (let item = 0; item < items; item++) {
      if (after.rowOf[item]! < 0) continue
      const then = relative(before, old, item)
      for (const [row, weight] of relative(after, t, item)) {
        const other = itemAt.get(row)
        if (other === undefined || other === item) continue
        const earlier = then.get(before.rowOf[other]!)
        if (earlier === undefined) fresh.add(item * items + other)
        else if (weight > earlier + 0.01) risen.add(item * items + other)
      }
    }
  }
  for (const key of fresh) risen.delete(key)
  return { fresh, risen }
}

/**
 * The neighbours of an item, with weights relative to the strongest one of the row, on the square-root scale of the
 * pack.
 */
function relative({ catalog, rowOf }: Opened, table: number, item: number): Map<number, number> {
  if (table < 0 || rowOf[item]! < 0) return new Map()
  const { rows, weights } = catalog.neighbours(table, rowOf[item]!)
  const most = weights.reduce((a, b) => Math.max(a, b), 0)
  return new Map(Array.from(rows, (row, i) => [row, Math.sqrt(weights[i]! / most)]))
}

/** The most likely steps according to yesterday's pack. */
function strongest(before: Opened, items: number, wanted: number): number[] {
  const itemAt = new Map([...before.rowOf].map((row, item) => [row, item]))
  const table = before.catalog.tables.length - 1
  const all: { key: number; strength: number }[] = []
  for (let item = 0; table >= 0 && item < items; item++) {
    const row = before.rowOf[item]!
    if (row < 0) continue
    const { rows, weights } = before.catalog.neighbours(table, row)
    for (const [i, other] of rows.entries()) {
      if (other === row || !itemAt.has(other)) continue
      all.push({
        key: item * items + itemAt.get(other)!,
        strength: weights[i]! * before.catalog.popularity(row),
      })
    }
  }
  return all
    .sort((a, b) => b.strength - a.strength || a.key - b.key)
    .slice(0, wanted)
    .map(({ key }) => key)
}

/** Largest power of two that is not above the count; 0 for 0. */
function floor2(count: number): number {
  return count < 1 ? 0 : 2 ** Math.floor(Math.log2(count))
}

function share<T>(all: readonly T[], is: (one: T) => boolean): number {
  return ratio(all.filter(is).length, all.length)
}

function ratio(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0
}
