/**
 * Compares the pack's figures with those of the baselines: how certain each figure is, and whether a difference is
 * real.
 */
import { type Interval, intervals } from './bootstrap.js'
import { type Accuracy, accuracy, hit, reciprocal } from './metrics.js'

export type BaselineFigures = Accuracy & {
  /** The settings that validation chose, if there was a choice. */
  settings?: Record<string, number | number[]>
  /** 95 % intervals of its own figures. */
  ci95: Record<string, Interval>
  /** 95 % intervals of the pack's figure minus the baseline's, paired by session. */
  difference: Record<string, Interval>
  /** Recall at 1, 2, … up to the deepest list. */
  recallCurve: number[]
}

export interface Comparison {
  ci95: Record<string, Interval>
  recallCurve: number[]
  baselines: Record<string, BaselineFigures>
}

export type Verdict = 'beats' | 'ties with' | 'loses to'

/** What the interval of a difference says about the pack: a win, a tie or a loss. */
export function verdict([low, high]: Interval): Verdict {
  return low > 0 ? 'beats' : high < 0 ? 'loses to' : 'ties with'
}

export function compare(
  ranks: Uint32Array,
  others: ReadonlyMap<string, Uint32Array>,
  ks: readonly number[],
  sessionOf: Uint32Array,
  seed: number,
): Comparison {
  const measures = ks.flatMap((k): [string, (rank: number) => number][] => [
    [`recall${k}`, (rank) => hit(rank, k)],
    [`mrr${k}`, (rank) => reciprocal(rank, k)],
  ])
  const valuesOf = (of: Uint32Array) => measures.map(([, measure]) => Float64Array.from(of, measure))
  const own = valuesOf(ranks)
  const series = [...own]
  for (const theirs of others.values()) {
    const values = valuesOf(theirs)
    series.push(...values, ...own.map((mine, m) => mine.map((value, p) => value - values[m]![p]!)))
  }
  const found = intervals(series, sessionOf, seed)
  const named = (block: number) =>
    Object.fromEntries(measures.map(([name], m) => [name, found[block * measures.length + m]!]))
  const baselines = [...others].map(([name, theirs], i): [string, BaselineFigures] => [
    name,
    {
      ...accuracy(theirs, ks),
      ci95: named(2 * i + 1),
      difference: named(2 * i + 2),
      recallCurve: curve(theirs, ks),
    },
  ])
  return { ci95: named(0), recallCurve: curve(ranks, ks), baselines: Object.fromEntries(baselines) }
}

function curve(ranks: Uint32Array, ks: readonly number[]): number[] {
  return Array.from({ length: ks[ks.length - 1]! }, (_, i) => {
    let hits = 0
    for (const rank of ranks) hits += hit(rank, i + 1)
    return hits / Math.max(1, ranks.length)
  })
}
