/**
 * An attacker compares today's pack with yesterday's: what is new in it comes from today's visits.
 *
 * k bounds how many sessions a number rests on, not how many changed it. A pair that k - 1 sessions had before appears
 * because of one session; an exact count that moves from k to k + 1 does too. This measures how often. (Calandrino et al.
 * 2011 infer single purchases from changes of public item-to-item lists.)
 */
import type { Catalog } from '../../../worker/catalog/catalog.js'
import type { Log } from '../model/log/log.js'
import { countPeople } from './suspects.js'

export interface Difference {
  /** Sessions of two events and more that the second pack was trained on and the first was not. */
  added: number
  /** Entries of a neighbour table that are new. */
  newPairs: {
    count: number
    /** Both items are together in at least one added session; in exactly one. */
    together: number
    onOneSession: number
    /** Which of them are consecutive steps of an added session, and how many of all such steps they are. */
    precision: number
    recall: number
    /** The precision of as many guesses from yesterday's pack alone: its strongest neighbours of popular items. */
    guessed: number
  }
  /** Pairs that were there before and weigh more now, and how many of them an added session has. */
  risenPairs: { count: number; precision: number }
  sessions: {
    /** Share of added sessions of which at least one pair can be read off as theirs alone. */
    pair: number
    /** Of those with three different items and more: share whose every step is a new pair. */
    chain: number
    /** Share with an item whose count tells of them alone, as counts are, and if only powers of two were shown. */
    count: number
    coarseCount: number
    /** Share with an item that got its own vector because of them alone. */
    vector: number
  }
}

/** A pack with the rows of the log's items in it (-1 where it lacks one). */
export interface Opened {
  catalog: Catalog
  rowOf: Int32Array
}

/** @param added the sessions that are new in `after`; items are numbered as in both `rowOf` */
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

  /** Steps from one item to another, as ordered keys. */
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

/** Entries of the tables after that no table of the same name has before, and those that weigh more in their row. */
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

/** Neighbours of an item and their weights relative to the row's strongest, on the square-root scale of the pack. */
function relative({ catalog, rowOf }: Opened, table: number, item: number): Map<number, number> {
  if (table < 0 || rowOf[item]! < 0) return new Map()
  const { rows, weights } = catalog.neighbours(table, rowOf[item]!)
  const most = weights.reduce((a, b) => Math.max(a, b), 0)
  return new Map(Array.from(rows, (row, i) => [row, Math.sqrt(weights[i]! / most)]))
}

/** The steps that yesterday's pack finds most likely. */
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

/** Largest power of two that is not above, 0 for 0. */
function floor2(count: number): number {
  return count < 1 ? 0 : 2 ** Math.floor(Math.log2(count))
}

function share<T>(all: readonly T[], is: (one: T) => boolean): number {
  return ratio(all.filter(is).length, all.length)
}

function ratio(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0
}
