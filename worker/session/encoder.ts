/**
 * The user tower: a session's recent items to a query vector in the items' own space.
 *
 * An attention-weighted sum of item vectors, in the spirit of CORE (Hou et al. 2022) with the last item as the query
 * of the attention (STAMP, Liu et al. 2018):
 *
 *     a_j = x_t' A x_j + position[t - j] + ln(weight_j)
 *     s   = normalise(sum_j softmax(a)_j x_j)
 *     logit_i = scale * s . e_i + bias_i
 *
 * This is the one definition of the forward pass: browsers, evaluation and golden vectors run it, and the trainer's
 * kernel is tested against it.
 */
import { exp } from '../compute/exp.js'

/** One step of a session, oldest first. `weight` is the signal's strength relative to a view. */
export interface Step {
  row: number
  weight: number
}

export interface AttentionTensors {
  kind: 'attention'
  dim: number
  /** How many of the latest steps are read. */
  window: number
  /** A: Float32Array of dim*dim, row-major. */
  attention: Float32Array
  /** Additive term by distance to the last step; distances beyond its length use the last value. */
  position: Float32Array
  /** Inverse temperature. */
  scale: number
}

/** Writes the item's vector (dim values) into `out`. */
export type VectorOf = (row: number, out: Float32Array) => void

/** The normalised session vector, Float64Array of dim; undefined when nothing of the session has a direction. */
export function encode(
  t: AttentionTensors,
  steps: readonly Step[],
  vectorOf: VectorOf,
): Float64Array | undefined {
  const n = Math.min(steps.length, t.window)
  if (n === 0) return undefined
  const { dim } = t
  const x = new Float32Array(n * dim)
  for (let j = 0; j < n; j++) vectorOf(steps[steps.length - n + j]!.row, x.subarray(j * dim, (j + 1) * dim))

  // u = A' x_t once, so that each step costs one dot product.
  const last = (n - 1) * dim
  const u = new Float64Array(dim)
  for (let r = 0; r < dim; r++) {
    const xr = x[last + r]!
    for (let c = 0; c < dim; c++) u[c] = u[c]! + xr * t.attention[r * dim + c]!
  }
  const a = new Float64Array(n)
  let highest = -Infinity
  for (let j = 0; j < n; j++) {
    const distance = Math.min(n - 1 - j, t.position.length - 1)
    const { weight } = steps[steps.length - n + j]!
    let sum = t.position[distance]! + (weight === 1 ? 0 : Math.log(weight))
    for (let d = 0; d < dim; d++) sum += u[d]! * x[j * dim + d]!
    a[j] = sum
    if (sum > highest) highest = sum
  }
  const s = new Float64Array(dim)
  for (let j = 0; j < n; j++) {
    const alpha = exp(a[j]! - highest)
    for (let d = 0; d < dim; d++) s[d] = s[d]! + alpha * x[j * dim + d]!
  }
  return normalise(s)
}

/** Scales to length 1 in place; undefined for a vector of length 0 or with a value that is not a number. */
export function normalise(v: Float64Array): Float64Array | undefined {
  let square = 0
  for (const value of v) square += value * value
  if (!(square > 0) || !Number.isFinite(square)) return undefined
  const inverse = 1 / Math.sqrt(square)
  for (let d = 0; d < v.length; d++) v[d] = v[d]! * inverse
  return v
}
