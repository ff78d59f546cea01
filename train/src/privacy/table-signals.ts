/** What the neighbour tables say about one session: which of its pairs they contain, and how strongly. */
import type { ServingModel } from '../../../worker/rank/evidence.js'

export interface TableReading {
  signals: number[]
  /** For each pair of the session that the tables contain (as text): how common its items are. */
  present: Map<string, number>
  missing: number
}

/** Stands for a share of zero, of which there is no logarithm. */
const NO_SHARE = 1e-3
/** ln of the product of two item counts that are very common in any shop. */
const COMMON = 20

/** @param rows the session as rows of the pack; -1 if the pack does not have the item */
export function readTables({ catalog }: ServingModel, rows: readonly number[]): TableReading {
  const within = new Set(rows.filter((row) => row >= 0))
  const lists = new Map(
    [...within].map((row) => [row, catalog.tables.map((_, table) => catalog.neighbours(table, row))]),
  )
  const share = (a: number, b: number) => {
    let most = 0
    for (const list of lists.get(a) ?? []) most = Math.max(most, list.weights[list.rows.indexOf(b)] ?? 0)
    return most
  }
  const steps: number[] = []
  for (let i = 1; i < rows.length; i++) {
    if (rows[i] !== rows[i - 1] || rows[i]! < 0) steps.push(share(rows[i - 1]!, rows[i]!))
  }
  const strengths = steps.map((found) => Math.log(found + NO_SHARE))

  // A pair of rare items is rarely present by chance; a pair of popular items is rarely missing by chance.
  const present = new Map<string, number>()
  let missing = 0
  let missingSurprise = 0
  for (const a of within) {
    for (const b of within) {
      if (a >= b) continue
      const commonness = Math.log1p(catalog.popularity(a)) + Math.log1p(catalog.popularity(b))
      if (share(a, b) > 0 || share(b, a) > 0) present.set(`${a} ${b}`, commonness)
      else {
        missing++
        missingSurprise += COMMON - commonness
      }
    }
  }
  const pairs = Math.max(1, present.size + missing)
  const commonness = [...present.values()]

  // How much of a row's list is inside the session.
  let enclosed = 0
  let enclosedMost = 0
  for (const list of [...lists.values()].flat()) {
    let inside = 0
    for (const [i, other] of list.rows.entries()) if (within.has(other)) inside += list.weights[i]!
    enclosed += inside / (within.size * catalog.tables.length)
    enclosedMost = Math.max(enclosedMost, inside)
  }
  return {
    signals: [
      sum(steps.map((found) => (found > 0 ? 1 : 0))) / Math.max(1, steps.length),
      sum(strengths) / Math.max(1, steps.length),
      Math.min(0, ...strengths),
      present.size / pairs,
      missing === 0 ? 1 : 0,
      Math.log1p(missing),
      sum(commonness.map((value) => COMMON - value)) / pairs,
      missingSurprise / pairs,
      -Math.min(COMMON, ...commonness),
      enclosed,
      enclosedMost,
    ],
    present,
    missing,
  }
}

/**
 * Signals from pairs that this pack has and a pack without the session does not have: how many there are, whether the
 * session has no missing pairs (then membership is the best explanation), and how rare the pairs are.
 */
export function gains(here: TableReading, there: TableReading): number[] {
  const gained = [...here.present].filter(([pair]) => !there.present.has(pair)).map(([, value]) => value)
  const surprise = sum(gained.map((value) => COMMON - value))
  const whole = here.missing === 0 && gained.length > 0
  return [
    Math.log1p(gained.length),
    whole ? 1 : 0,
    whole ? Math.log1p(gained.length) : 0,
    surprise / Math.max(1, gained.length),
    whole ? Math.log1p(surprise) : 0,
  ]
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
