/**
 * Matrix factorisation of implicit feedback by alternating least squares (Hu, Koren, Volinsky 2008), a session in the
 * place of a user. With x_s and y_i the vectors of sessions and items it minimises
 *
 *     sum over i in s of (1 - x_s . y_i)^2  +  unseen * sum over all s, i of (x_s . y_i)^2
 *       +  lambda * (sum_s |x_s|^2 + sum_i |y_i|^2).
 *
 * While the y stand still, what every x_s has in common is B = unseen * sum_i y_i y_i' + lambda = L L'. In the basis
 * where B is the identity (y~ = L^-1 y) the system of s is (1 + sum over i in s of y~_i y~_i') z_s = sum y~_i. It differs
 * from the identity in as many directions as s has items, so conjugate gradients, which never write it down, need no
 * more steps than that.
 */
import { Breath } from '../model/breath.js'
import { normal, random } from '../model/random.js'
import type { Lists } from './memberships.js'

export interface FactorSettings {
  dim: number
  /** Weight of an item that a session does not hold, against 1 of one that it does. */
  unseen: number
  lambda: number
}

export interface Factors {
  dim: number
  /** y~ of each item, items * dim, row-major: its product with a session's z is its score. */
  items: Float64Array
}

export const SWEEPS = 5
/** Of conjugate gradients, at most: rows of more items are close enough by then. */
const STEPS = 8
const SEED = 1

/**
 * @param sessions items of each session
 * @param items sessions of each item
 * @param onSweep hears after each of the SWEEPS
 */
export async function factorise(
  sessions: Lists,
  items: Lists,
  settings: FactorSettings,
  { signal, onSweep }: { signal?: AbortSignal | undefined; onSweep?: (done: number) => void } = {},
): Promise<Factors> {
  const { dim } = settings
  const uniform = random(SEED, 0xa15)
  let y: Float64Array = Float64Array.from(
    { length: dim * (items.starts.length - 1) },
    () => 0.1 * normal(uniform),
  )
  const breath = new Breath(signal)
  for (let sweep = 1; sweep <= SWEEPS; sweep++) {
    const x = await solveAll(y, sessions, settings, breath)
    y = await solveAll(x, items, settings, breath)
    onSweep?.(sweep)
  }
  whiten(y, cholesky(commonPart(y, settings)))
  return { dim, items: y }
}

/** z of a running session: the same system as in training, with a weight for each of its items. */
export function foldIn(
  { dim, items }: Factors,
  rows: ArrayLike<number>,
  weights: ArrayLike<number>,
): Float64Array {
  return solve(items, dim, rows, weights)
}

/** The vectors of one side, row-major, given those of the other; spoils the other's. */
async function solveAll(
  fixed: Float64Array,
  lists: Lists,
  settings: FactorSettings,
  breath: Breath,
): Promise<Float64Array> {
  const { dim } = settings
  const root = cholesky(commonPart(fixed, settings))
  whiten(fixed, root)
  const { starts, values } = lists
  const solved = new Float64Array(dim * (starts.length - 1))
  const longest = starts.reduce((most, end, i) => Math.max(most, end - (starts[i - 1] ?? 0)), 0)
  const ones = new Float64Array(longest).fill(1)
  for (let i = 0; i + 1 < starts.length; i++) {
    const z = solve(fixed, dim, values.subarray(starts[i], starts[i + 1]), ones)
    backward(root, z)
    solved.set(z, i * dim)
    if (breath.due()) await breath.take()
  }
  return solved
}

/** Conjugate gradients on (1 + sum_j weights_j v_j v_j') z = sum_j weights_j v_j, v_j being row rows_j of `vectors`. */
function solve(
  vectors: Float64Array,
  dim: number,
  rows: ArrayLike<number>,
  weights: ArrayLike<number>,
): Float64Array {
  const z = new Float64Array(dim)
  const residual = new Float64Array(dim)
  for (let j = 0; j < rows.length; j++) {
    for (let d = 0, at = rows[j]! * dim; d < dim; d++) residual[d]! += weights[j]! * vectors[at + d]!
  }
  const direction = residual.slice()
  const image = new Float64Array(dim)
  let square = dot(residual, residual)
  const enough = 1e-12 * square
  for (let step = 0; step < STEPS && square > enough; step++) {
    image.set(direction)
    for (let j = 0; j < rows.length; j++) {
      const at = rows[j]! * dim
      let product = 0
      for (let d = 0; d < dim; d++) product += vectors[at + d]! * direction[d]!
      product *= weights[j]!
      for (let d = 0; d < dim; d++) image[d]! += product * vectors[at + d]!
    }
    const length = square / dot(direction, image)
    for (let d = 0; d < dim; d++) {
      z[d]! += length * direction[d]!
      residual[d]! -= length * image[d]!
    }
    const before = square
    square = dot(residual, residual)
    for (let d = 0; d < dim; d++) direction[d] = residual[d]! + (square / before) * direction[d]!
  }
  return z
}

/** unseen * sum of v v' over all rows, + lambda: dim * dim. */
function commonPart(vectors: Float64Array, { dim, unseen, lambda }: FactorSettings): Float64Array {
  const sum = new Float64Array(dim * dim)
  for (let from = 0; from < vectors.length; from += dim) {
    for (let a = 0; a < dim; a++) {
      const value = unseen * vectors[from + a]!
      for (let b = 0, at = a * dim; b <= a; b++) sum[at + b]! += value * vectors[from + b]!
    }
  }
  for (let a = 0; a < dim; a++) sum[a * dim + a]! += lambda
  return sum
}

/** Turns the lower half of a positive definite matrix into L of L L', in place. */
function cholesky(matrix: Float64Array): Float64Array {
  const dim = Math.sqrt(matrix.length)
  for (let a = 0; a < dim; a++) {
    for (let b = 0; b <= a; b++) {
      let value = matrix[a * dim + b]!
      for (let c = 0; c < b; c++) value -= matrix[a * dim + c]! * matrix[b * dim + c]!
      matrix[a * dim + b] = a === b ? Math.sqrt(value) : value / matrix[b * dim + b]!
    }
  }
  return matrix
}

/** L^-1 v for each row v, in place. */
function whiten(vectors: Float64Array, root: Float64Array): void {
  const dim = Math.sqrt(root.length)
  for (let from = 0; from < vectors.length; from += dim) {
    for (let a = 0; a < dim; a++) {
      let value = vectors[from + a]!
      for (let b = 0, at = a * dim; b < a; b++) value -= root[at + b]! * vectors[from + b]!
      vectors[from + a] = value / root[a * dim + a]!
    }
  }
}

/** L'^-1 z, in place. */
function backward(root: Float64Array, z: Float64Array): void {
  const dim = z.length
  for (let a = dim - 1; a >= 0; a--) {
    z[a]! /= root[a * dim + a]!
    for (let b = 0, at = a * dim; b < a; b++) z[b]! -= root[at + b]! * z[a]!
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let d = 0; d < a.length; d++) sum += a[d]! * b[d]!
  return sum
}
