/**
 * The server's candidates in the visitor's order. The server's position stays part of the score: its list is
 * evidence too, the more so the less is known of the visitor.
 *
 *     score = ln(relevance + FLOOR) - server * ln(1 + position)
 *
 * Items the pack does not know, repeated ids and missing ids keep their positions; the others are ordered among the
 * positions that remain. Nothing is added and nothing is lost.
 */
import type { Evidence, Model } from './evidence.js'
import { relevance } from './relevance.js'

/** Relevance that nothing falls below: differences among the hopeless are noise, and the server's order decides. */
const FLOOR = 1e-7

export interface Reranked {
  /** Permutation: order[position] = index in the server's list. */
  order: Uint32Array
  /** By position; 0 where the item kept its place. */
  scores: Float32Array
}

/**
 * @param rows row of each candidate in the server's order, -1 where it has none or it is a repetition
 * @param limit leading positions to fill with the best; the rest follow in the server's order
 */
export function rerank(model: Model, evidence: Evidence, rows: Int32Array, limit: number): Reranked {
  const order = Uint32Array.from(rows.keys())
  const scores = new Float32Array(rows.length)
  if (!evidence.dense && evidence.recency.size === 0) return { order, scores }

  const movable = order.filter((i) => rows[i]! >= 0)
  const known = relevance(
    model,
    evidence,
    Uint32Array.from(movable, (i) => rows[i]!),
  )
  const { server } = evidence.weights
  const score = new Float64Array(rows.length)
  movable.forEach((i, m) => {
    score[i] = Math.log(known[m]! + FLOOR) - server * Math.log(1 + i)
  })
  // Stable: equal scores stay in the server's order.
  const ranked = Array.from(movable).sort((a, b) => score[b]! - score[a]!)
  const places = movable.filter((place) => place < limit).length
  const best = ranked.slice(0, places)
  const chosen = new Set(best)
  const filled = [...best, ...Array.from(movable).filter((i) => !chosen.has(i))]
  movable.forEach((place, m) => {
    order[place] = filled[m]!
    scores[place] = score[filled[m]!]!
  })
  return { order, scores }
}
