/**
 * The encoder kind `attention`: a weighted sum of item vectors, in the spirit of CORE (Hou et al. 2022) with the last
 * item as the query of the attention (STAMP, Liu et al. 2018):
 *
 *     a_j = x_t' A x_j + position[t - j] + ln(weight_j)
 *     s   = normalise(sum_j softmax(a)_j x_j)
 */
import { exp } from '../compute/exp.js'
import { direction, dot } from '../compute/vector.js'
import type { EncoderCommon, Reading, Step } from './kind.js'

export interface AttentionTensors extends EncoderCommon {
  kind: 'attention'
  /** A: Float32Array of dim*dim, row-major. */
  attention: Float32Array
  /** Additive term by distance to the last step; distances beyond its length use the last value, or 0 where it is empty. */
  position: Float32Array
}

/** @param vectors of the steps */
export function attend(
  { dim, attention, position }: Omit<AttentionTensors, 'kind'>,
  steps: readonly Step[],
  vectors: readonly Float32Array[],
): Reading {
  // u = A' x_t once, so that each step costs one dot product.
  const u = new Float64Array(dim)
  vectors.at(-1)?.forEach((x, r) => {
    for (let c = 0; c < dim; c++) u[c]! += x * attention[r * dim + c]!
  })
  const logits = steps.map(
    ({ weight }, j) =>
      (position[Math.min(steps.length - 1 - j, position.length - 1)] ?? 0) +
      Math.log(weight) +
      dot(u, vectors[j]!),
  )
  const highest = Math.max(...logits)
  const odds = logits.map((logit) => exp(logit - highest))
  const sum = odds.reduce((a, b) => a + b, 0)
  const weights = odds.map((odd) => odd / sum)
  return { vector: direction(dim, vectors, weights), weights }
}
