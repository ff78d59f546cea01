/**
 * Matrix factorisation of implicit feedback by alternating least squares (Hu, Koren, Volinsky 2008), with sessions
 * instead of users. With x_s and y_i the vectors of sessions and items, it minimises
 *
 *     sum over i in s of (1 - x_s . y_i)^2  +  unseen * sum over all s, i of (x_s . y_i)^2
 *       +  lambda * (sum_s |x_s|^2 + sum_i |y_i|^2).
 *
 * While the y are fixed, the systems of all x_s share the part B = unseen * sum_i y_i y_i' + lambda = L L'. In the
 * basis in which B is the identity (y~ = L^-1 y), the system of s is (1 + sum over i in s of y~_i y~_i') z_s = sum
 * y~_i, which `normal-equations.ts` solves. The training kernels do the work that all rows share.
 */

import { cholesky, inverseOfLower } from '../../../../worker/compute/cholesky.js'
import { normal, random } from '../../maths/random.js'
import { secondMoment } from '../../maths/subspace.js'
import { turnRows } from '../../maths/turn.js'
import { Breath } from '../../running/breath.js'
import type { Lists } from './memberships.js'
import { NormalEquations } from './normal-equations.js'

export interface FactorSettings {
  /** A multiple of 8. */
  dim: number
  /** Weight of an item that is not in the session, relative to 1 for an item that is. */
  unseen: number
  lambda: number
}

export interface Factors {
  dim: number
  /** y~ of each item, items * dim, row-major. The product of y~ and a session's z is the item's score. */
  items: Float32Array
}

export const SWEEPS = 5
const SEED = 1

/**
 * @param sessions items of each session
 * @param items sessions of each item
 * @param onSweep called after each of the SWEEPS sweeps
 */
export async function factorise(
  sessions: Lists,
  items: Lists,
  settings: FactorSettings,
  { signal, onSweep }: { signal?: AbortSignal | undefined; onSweep?: (done: number) => void } = {},
): Promise<Factors> {
  const { dim } = settings
  const uniform = random(SEED, 0xa15)
  let y: Float32Array = Float32Array.from(
    { length: dim * (items.starts.length - 1) },
    () => 0.1 * normal(uniform),
  )
  const breath = new Breath(signal)
  for (let sweep = 1; sweep <= SWEEPS; sweep++) {
    const x = await solveAll(y, sessions, settings, breath)
    y = await solveAll(x, items, settings, breath)
    onSweep?.(sweep)
  }
  return { dim, items: turned(y, transposed(whitening(y, settings))) }
}

/** Solves the vectors of one side, row-major, while those of the other side are fixed. */
async function solveAll(
  fixed: Float32Array,
  { starts, values }: Lists,
  settings: FactorSettings,
  breath: Breath,
): Promise<Float32Array> {
  const { dim } = settings
  const white = whitening(fixed, settings)
  const equations = new NormalEquations(turned(fixed, transposed(white)), dim)
  const solved = new Float32Array(dim * (starts.length - 1))
  for (let i = 0; i + 1 < starts.length; i++) {
    solved.set(equations.solve(values.subarray(starts[i], starts[i + 1])), i * dim)
    if (breath.due()) await breath.take()
  }
  // A solution z in the whitened basis is L'^-1 z in the common one.
  return turned(solved, white)
}

/** L^-1 of the part that all systems share, unseen * sum of v v' + lambda: dim * dim values. */
function whitening(vectors: Float32Array, { dim, unseen, lambda }: FactorSettings): Float64Array {
  const common = secondMoment(vectors, dim).map((value) => unseen * value)
  for (let d = 0; d < dim; d++) common[d * dim + d]! += lambda
  return inverseOfLower(cholesky(common, dim), dim)
}

/** Multiplies each row by a square matrix. */
function turned(vectors: Float32Array, matrix: Float64Array): Float32Array {
  const dim = Math.sqrt(matrix.length)
  const out = new Float32Array(vectors.length)
  turnRows(vectors, dim, matrix, (rows, at) => out.set(rows, at * dim))
  return out
}

function transposed(matrix: Float64Array): Float64Array {
  const dim = Math.sqrt(matrix.length)
  return matrix.map((_, i) => matrix[(i % dim) * dim + Math.floor(i / dim)]!)
}
