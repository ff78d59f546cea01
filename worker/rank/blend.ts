/**
 * One relevance out of the parts, by the length of the session:
 *
 *     relevance(i) = (dense * p_dense(i)^denseExponent + sum_t table[t] * p_t(i)^tableExponent[t]) * exp(repeat_i)
 *
 * p_dense is the softmax of the logits over the best DEPTH rows of the catalogue, p_t the share of neighbour table t
 * over the recent items (most recent first, geometrically decayed), and repeat_i is learned for items that this
 * session saw already (`repeats.ts`). Items without an order have parameters of their own:
 * `EvenWeights`.
 */
import { exp } from '../compute/exp.js'

/** How deep the dense scan goes; also what its softmax is taken over. */
export const DEPTH = 128

/** Session lengths 1, 2, 3-4, 5 and more. */
export const BUCKETS = 4
export function bucketOf(length: number): number {
  return length <= 1 ? 0 : length === 2 ? 1 : length <= 4 ? 2 : 3
}

/** Parameters of one bucket. */
export interface BlendWeights {
  dense: number
  denseExponent: number
  /** One per neighbour table. */
  table: number[]
  tableExponent: number[]
  /** Share of the long-term profile in the query: normalise(session + profile * past). */
  profile: number
  /** The relevance of an item of earlier visits is multiplied by 1 + again * strength^againExponent; 0 where nothing was learned. */
  again: number
  /** How much the server's position counts in `rank`, in logits per unit of ln(1 + position). */
  server: number
}

/**
 * Parameters for items that have no order: a basket, or the items of earlier visits. Each item's neighbours are looked up
 * on their own, so the exponents stand inside the sum over the items: p_t(i)^e is sum_j share_j * p_t(i | j)^e.
 */
export interface EvenWeights extends BlendWeights {
  /** That of the first of the pair in `Blend.even` is used in a running visit too. */
  againExponent: number
}

export interface Blend {
  buckets: BlendWeights[]
  /** The first is for the start of a visit, when only earlier visits are known; the second is for a set, as a basket. */
  even?: [returning: EvenWeights, set: EvenWeights]
  /** Added logit of the k-th most recent item of the session. */
  repeat: Float32Array
  /** Added to that: a term by the session's length and its repeats so far, and one by how often it saw the item. HABITS values. */
  habit: Float32Array
  /** Bias, in logits, of an item too rare to have one of its own; counts only for rare items of this session. */
  rareBias: number
  /** How much less each older item counts in the tables' share, and how many items are looked at. */
  tableDecay: number
  tableWindow: number
}

/** x^y, and 0 for x <= 0. */
export function power(x: number, y: number): number {
  return x > 0 ? (y === 1 ? x : exp(y * Math.log(x))) : 0
}
