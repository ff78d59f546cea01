/**
 * Questions with several right answers (the rest of a basket, or all items of the next visit), and how well lists
 * answer them. A list is judged by the places of the right answers in it. A place is the number of candidates that
 * score at least as high, so ties count against the model; 0 is a miss.
 */
import { type Interval, intervals } from '../figures/bootstrap.js'
import { type AtK, atEach, hit } from '../figures/metrics.js'

export interface SetFigures {
  /** Share of a question's right answers among the first k, averaged over questions. */
  recall: AtK
  /** The same over the right answers of all questions together, so that long baskets count for more. */
  pooledRecall: AtK
  ndcg: AtK
  mrr: AtK
}

/** The places of each question's right answers. */
export type Places = readonly Uint32Array[]

export function setFigures(places: Places, ks: readonly number[]): SetFigures {
  const all = places.flatMap((found) => [...found])
  const over = (values: readonly number[]) =>
    values.reduce((sum, x) => sum + x, 0) / Math.max(1, values.length)
  return {
    recall: atEach(ks, (k) => over(places.map((found) => recallOf(found, k)))),
    pooledRecall: atEach(ks, (k) => over(all.map((place) => hit(place, k)))),
    ndcg: atEach(ks, (k) => over(places.map((found) => ndcgOf(found, k)))),
    mrr: atEach(ks, (k) => over(places.map((found) => firstOf(found, k)))),
  }
}

export function recallOf(places: Uint32Array, k: number): number {
  let hits = 0
  for (const place of places) hits += hit(place, k)
  return hits / places.length
}

/** Gains are 0 or 1; the ideal list has all right answers first (Järvelin and Kekäläinen 2002). */
function ndcgOf(places: Uint32Array, k: number): number {
  let gain = 0
  let ideal = 0
  for (const [i, place] of places.entries()) {
    if (hit(place, k)) gain += 1 / Math.log2(place + 1)
    if (i < k) ideal += 1 / Math.log2(i + 2)
  }
  return gain / ideal
}

/** 1 / the place of the first right answer. */
function firstOf(places: Uint32Array, k: number): number {
  let best = 0
  for (const place of places) if (hit(place, k)) best = Math.max(best, 1 / place)
  return best
}

export interface Compared {
  ci95: Record<string, Interval>
  /** For each baseline, the pack's figure minus the baseline's. */
  differences: Record<string, Interval>[]
}

/**
 * 95 % intervals at the largest k, by bootstrap over clusters; differences are paired.
 * @param clusterOf cluster of each question, ascending from 0
 */
export function compareSets(
  places: Places,
  others: readonly Places[],
  k: number,
  clusterOf: Uint32Array,
  seed: number,
): Compared {
  const byQuestion = [
    [`recall${k}`, recallOf],
    [`ndcg${k}`, ndcgOf],
  ] as const
  const measured = [places, ...others]
  const series = measured.flatMap((of) =>
    byQuestion.map(([, measure]) => Float64Array.from(of, (found) => measure(found, k))),
  )
  const hits = measured.map((of) =>
    Float64Array.from(of.flatMap((found) => [...found].map((p) => hit(p, k)))),
  )
  const clusterOfHit = Uint32Array.from(places.flatMap((found, q) => Array.from(found, () => clusterOf[q]!)))
  const less = (own: Float64Array, theirs: Float64Array) => own.map((value, i) => value - theirs[i]!)
  const of = (m: number) => {
    const first = m * byQuestion.length
    return byQuestion.map((_, i) => (m === 0 ? series[i]! : less(series[i]!, series[first + i]!)))
  }
  const found = intervals(
    measured.flatMap((_, m) => of(m)),
    clusterOf,
    seed,
  )
  const pooled = intervals(
    hits.map((values, m) => (m === 0 ? values : less(hits[0]!, values))),
    clusterOfHit,
    seed,
  )
  const named = (m: number) => ({
    ...Object.fromEntries(byQuestion.map(([name], i) => [name, found[m * byQuestion.length + i]!])),
    [`pooledRecall${k}`]: pooled[m]!,
  })
  return { ci95: named(0), differences: others.map((_, i) => named(i + 1)) }
}

/** Places of rows in a list, best first, that includes all items tied with its last one. */
export function placesIn(rows: Uint32Array, scores: Float64Array, wanted: readonly number[]): Uint32Array {
  const place = new Map<number, number>()
  for (let end = rows.length, i = rows.length - 1; i >= 0; i--) {
    if (i + 1 < rows.length && scores[i] !== scores[i + 1]) end = i + 1
    place.set(rows[i]!, end)
  }
  return Uint32Array.from(wanted, (row) => place.get(row) ?? 0)
}

/**
 * Places of rows, from a score for each row. A score of 0 or less means no score, and rows in `taken` are not
 * candidates.
 */
export function placesBy(
  scores: Float64Array,
  wanted: readonly number[],
  taken: Iterable<number>,
): Uint32Array {
  const open = scores.slice()
  for (const row of taken) open[row] = 0
  const own = wanted.map((row) => (row >= 0 ? open[row]! : 0))
  const places = new Uint32Array(wanted.length)
  for (const score of open) {
    if (score > 0) for (let w = 0; w < own.length; w++) if (score >= own[w]!) places[w]!++
  }
  return places.map((place, w) => (own[w]! > 0 ? place : 0))
}
