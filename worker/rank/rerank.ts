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
  /** By index in the server's list; 0 where the item kept its place. */
  scores: Float32Array
}

/**
 * @param rows row of each candidate in the server's order, -1 where it has none or it is a repetition
 * @param limit leading positions to fill with the best; the rest follow in the server's order
 */
export function rerank(model: Model, evidence: Evidence, rows: Int32Array, limit: number): Reranked {
  const order = Uint32Array.from(rows.keys())
  const scores = new Float32Array(rows.length)
  if (!evidence.dense && evidence.repeats.size === 0) return { order, scores }

  const movable = Array.from(order.filter((i) => rows[i]! >= 0))
  const known = relevance(
    model,
    evidence,
    Uint32Array.from(movable, (i) => rows[i]!),
  )
  const { server } = evidence.weights
  movable.forEach((i, m) => {
    scores[i] = Math.log(known[m]! + FLOOR) - server * Math.log(1 + i)
  })
  // Stable: equal scores stay in the server's order.
  const best = [...movable].sort((a, b) => scores[b]! - scores[a]!)
  best.length = movable.filter((place) => place < limit).length
  const chosen = new Set(best)
  const filled = [...best, ...movable.filter((i) => !chosen.has(i))]
  movable.forEach((place, m) => {
    order[place] = filled[m]!
  })
  return { order, scores }
}
