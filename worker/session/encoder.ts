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
  /** Additive term by distance to the last step; distances beyond its length use the last value, or 0 where it is empty. */
  position: Float32Array
  /** Inverse temperature. */
  scale: number
}

/** Writes the item's vector (dim values) into `out`. */
export type VectorOf = (row: number, out: Float32Array) => void

/** The steps that the encoder read, and how much each counts. */
export interface Attention {
  /** Index into the steps of the first one read. */
  from: number
  /** Softmax weights, Float64Array of as many steps as were read; they sum to 1. */
  weights: Float64Array
  /** Their item vectors, Float32Array of steps * dim, row-major. */
  vectors: Float32Array
}

/** How the session's latest steps share the attention. `steps` must not be empty. */
export function attend(t: AttentionTensors, steps: readonly Step[], vectorOf: VectorOf): Attention {
  const n = Math.min(steps.length, t.window)
  const from = steps.length - n
  const { dim } = t
  const vectors = new Float32Array(n * dim)
  for (let j = 0; j < n; j++) vectorOf(steps[from + j]!.row, vectors.subarray(j * dim, (j + 1) * dim))

  // u = A' x_t once, so that each step costs one dot product.
  const last = (n - 1) * dim
  const u = new Float64Array(dim)
  for (let r = 0; r < dim; r++) {
    const xr = vectors[last + r]!
    for (let c = 0; c < dim; c++) u[c] = u[c]! + xr * t.attention[r * dim + c]!
  }
  const weights = new Float64Array(n)
  let highest = -Infinity
  for (let j = 0; j < n; j++) {
    const { weight } = steps[from + j]!
    let a =
      (t.position[Math.min(n - 1 - j, t.position.length - 1)] ?? 0) + (weight === 1 ? 0 : Math.log(weight))
    for (let d = 0; d < dim; d++) a += u[d]! * vectors[j * dim + d]!
    weights[j] = a
    if (a > highest) highest = a
  }
  let sum = 0
  for (let j = 0; j < n; j++) {
    weights[j] = exp(weights[j]! - highest)
    sum += weights[j]!
  }
  for (let j = 0; j < n; j++) weights[j] = weights[j]! / sum
  return { from, weights, vectors }
}

/** The normalised session vector (Float64Array of dim); undefined when nothing in the session has a direction. */
export function pool({ weights, vectors }: Attention, dim: number): Float64Array | undefined {
  const s = new Float64Array(dim)
  for (let j = 0; j < weights.length; j++) {
    for (let d = 0; d < dim; d++) s[d] = s[d]! + weights[j]! * vectors[j * dim + d]!
  }
  return normalise(s)
}

/** The whole forward pass: `attend`, then `pool`; undefined for an empty session. */
export function encode(
  t: AttentionTensors,
  steps: readonly Step[],
  vectorOf: VectorOf,
): Float64Array | undefined {
  return steps.length > 0 ? pool(attend(t, steps, vectorOf), t.dim) : undefined
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
