/**
 * Accuracy from ranks. A rank is the place of the item that came next among all candidates: the number of items with
 * at least its score, so ties count against the model. 0 is a miss: not in the longest list, or without a score. Each
 * prediction has one right answer, so MAP equals MRR, and precision is recall / k.
 */

/** Values by k; the keys are k as text. */
export type AtK = Record<string, number>

export interface Accuracy {
  recall: AtK
  mrr: AtK
  ndcg: AtK
}

export interface FullAccuracy extends Accuracy {
  map: AtK
  precision: AtK
}

export function accuracy(ranks: Uint32Array, ks: readonly number[]): Accuracy {
  return {
    recall: atEach(ks, (k) => mean(ranks, (rank) => hit(rank, k))),
    mrr: atEach(ks, (k) => mean(ranks, (rank) => reciprocal(rank, k))),
    ndcg: atEach(ks, (k) => mean(ranks, (rank) => (hit(rank, k) ? 1 / Math.log2(rank + 1) : 0))),
  }
}

export function fullAccuracy(ranks: Uint32Array, ks: readonly number[]): FullAccuracy {
  const { recall, mrr, ndcg } = accuracy(ranks, ks)
  return { recall, mrr, ndcg, map: { ...mrr }, precision: atEach(ks, (k) => recall[k]! / k) }
}

export function hit(rank: number, k: number): number {
  return rank > 0 && rank <= k ? 1 : 0
}

export function reciprocal(rank: number, k: number): number {
  return rank > 0 && rank <= k ? 1 / rank : 0
}

export function atEach(ks: readonly number[], value: (k: number) => number): AtK {
  return Object.fromEntries(ks.map((k) => [String(k), value(k)]))
}

function mean(ranks: Uint32Array, value: (rank: number) => number): number {
  let sum = 0
  for (const rank of ranks) sum += value(rank)
  return ranks.length > 0 ? sum / ranks.length : 0
}

/** The value at a share of the sorted values, e.g. 0.5 for the median. */
export function quantile(values: Float64Array, share: number): number {
  if (values.length === 0) return 0
  const sorted = values.slice().sort()
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!
}
