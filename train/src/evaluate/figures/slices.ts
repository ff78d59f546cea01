/**
 * Shows where a model is good and where it is not: splits the same predictions by what was known when they were made,
 * and by what came next.
 */

import type { Questions } from '../questions/questions.js'
import { type Accuracy, type AtK, accuracy } from './metrics.js'

export interface Slice {
  name: string
  predictions: number
  recall: AtK
  mrr: AtK
  baselines: Record<string, Pick<Accuracy, 'recall' | 'mrr'>>
}

export interface Slices {
  /** By the number of events of the session that were known. */
  sessionLength: Slice[]
  /** By how often the target occurs in training. Head, mid and tail have a third of all events each. */
  targetPopularity: Slice[]
  /** By whether the session had already seen the target. */
  targetRepeat: Slice[]
  /** By whether the pack has the session's items and the target, with enough evidence for vectors of their own. */
  knownItems: Slice[]
}

type Cuts = Record<keyof Slices, { names: readonly string[]; of: Uint8Array }>

/**
 * @param popularity of each item of the test log; 0 if it was not counted
 * @param bands lowest popularity of the head and of the mid band
 * @param uncounted name of the slice with a popularity of 0
 * @param isRare whether the pack has the row, but with too little evidence for a vector of its own
 */
export function cutQuestions(
  { offsets, rows, items, sessionOf }: Omit<Questions, 'sessions'>,
  popularity: Float64Array,
  bands: readonly [head: number, mid: number],
  isRare: (row: number) => boolean,
  uncounted: string,
): Cuts {
  const cut = (...names: string[]) => ({ names, of: new Uint8Array(sessionOf.length) })
  const cuts = {
    sessionLength: cut('1 event', '2 events', '3-4 events', '5-9 events', '10 and more'),
    targetPopularity: cut('head', 'mid', 'tail', uncounted),
    targetRepeat: cut('new in the session', 'a repeat'),
    knownItems: cut('all known', 'a rare or unknown item before', 'a rare target', 'an unknown target'),
  }
  let question = 0
  for (let s = 0; s + 1 < offsets.length; s++) {
    const seen = new Set<number>()
    let strangers = 0
    for (let e = offsets[s]! + 1; e < offsets[s + 1]!; e++, question++) {
      seen.add(items[e - 1]!)
      if (rows[e - 1]! < 0 || isRare(rows[e - 1]!)) strangers++
      const length = e - offsets[s]!
      const count = popularity[items[e]!]!
      cuts.sessionLength.of[question] = length < 3 ? length - 1 : length < 5 ? 2 : length < 10 ? 3 : 4
      cuts.targetPopularity.of[question] = count >= bands[0] ? 0 : count >= bands[1] ? 1 : count > 0 ? 2 : 3
      cuts.targetRepeat.of[question] = seen.has(items[e]!) ? 1 : 0
      const row = rows[e]!
      cuts.knownItems.of[question] = row < 0 ? 3 : isRare(row) ? 2 : strangers > 0 ? 1 : 0
    }
  }
  return cuts
}

/** The slices that have predictions, each with the figures of every model. */
export function slicesOf(
  cuts: Cuts,
  own: Uint32Array,
  others: ReadonlyMap<string, Uint32Array>,
  ks: readonly number[],
): Slices {
  const slice = ({ names, of }: Cuts[keyof Slices]): Slice[] =>
    names.flatMap((name, n) => {
      const inside = (ranks: Uint32Array) => ranks.filter((_, question) => of[question] === n)
      const figures = (ranks: Uint32Array) => {
        const { recall, mrr } = accuracy(inside(ranks), ks)
        return { recall, mrr }
      }
      const predictions = inside(own).length
      if (predictions === 0) return []
      const baselines = Object.fromEntries([...others].map(([baseline, ranks]) => [baseline, figures(ranks)]))
      return [{ name, predictions, ...figures(own), baselines }]
    })
  return {
    sessionLength: slice(cuts.sessionLength),
    targetPopularity: slice(cuts.targetPopularity),
    targetRepeat: slice(cuts.targetRepeat),
    knownItems: slice(cuts.knownItems),
  }
}

/** The lowest counts of the items that have the first third, and the first two thirds, of all events. */
export function bandsOf(counts: Float64Array): [head: number, mid: number] {
  const falling = counts.slice().sort().reverse()
  const total = falling.reduce((sum, count) => sum + count, 0)
  const bands: [number, number] = [1, 1]
  let sum = 0
  for (const count of falling) {
    if (sum < total / 3) bands[0] = Math.max(1, count)
    if (sum < (2 * total) / 3) bands[1] = Math.max(1, count)
    sum += count
  }
  return bands
}
