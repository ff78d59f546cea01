/**
 * Solves the least-squares problem of one row of a factorisation: z of
 *
 *     (1 + V' W V) z = V' w,
 *
 * where V is some of the rows of a matrix of vectors and W = diag(w) their weights. With few rows, another form has a
 * smaller system: z = V' c with (W^-1 + V V') c = 1. Both are solved exactly, by Cholesky decomposition.
 */

import { cholesky, substitute } from '../../../../worker/compute/cholesky.js'
import { instantiate } from '../../../kernels/kernels.js'
import { Memory } from '../../../kernels/memory.js'

/** Up to this many rows the smaller system is faster, although its matrix is not computed by a kernel. */
const FEW = 48
/** Rows that are multiplied together. */
const BLOCK = 1024

export class NormalEquations {
  private readonly memory = new Memory()
  private readonly kernels = instantiate(this.memory)
  private readonly block
  private readonly sum
  /** Matrix of the current system, dim or FEW wide, and its right side. */
  private readonly matrix: Float64Array
  private readonly right: Float64Array
  private readonly z: Float64Array

  /** @param vectors row-major, dim values each; dim must be a multiple of 8 */
  constructor(
    private readonly vectors: Float32Array,
    private readonly dim: number,
  ) {
    const most = Math.max(dim, FEW)
    this.block = this.memory.floats(BLOCK * dim)
    this.sum = this.memory.floats(dim * dim)
    this.matrix = new Float64Array(most * most)
    this.right = new Float64Array(most)
    this.z = new Float64Array(dim)
  }

  /**
   * @param rows of `vectors`
   * @param weights one for each row; all 1 if absent
   * @returns z; the array is reused by the next call
   */
  solve(rows: ArrayLike<number>, weights?: ArrayLike<number>): Float64Array {
    if (rows.length <= FEW) this.solveFew(rows, weights)
    else this.solveMany(rows, weights)
    return this.z
  }

  private solveFew(rows: ArrayLike<number>, weights: ArrayLike<number> | undefined): void {
    const { vectors, dim, matrix, right, z } = this
    const n = rows.length
    for (let a = 0; a < n; a++) {
      const from = rows[a]! * dim
      for (let b = 0; b <= a; b++) {
        const to = rows[b]! * dim
        let even = 0
        let odd = 0
        for (let d = 0; d < dim; d += 2) {
          even += vectors[from + d]! * vectors[to + d]!
          odd += vectors[from + d + 1]! * vectors[to + d + 1]!
        }
        matrix[a * n + b] = even + odd
      }
      matrix[a * n + a]! += 1 / (weights?.[a] ?? 1)
      right[a] = 1
    }
    substitute(cholesky(matrix, n), n, right)
    z.fill(0)
    for (let a = 0; a < n; a++) {
      for (let d = 0, at = rows[a]! * dim; d < dim; d++) z[d]! += right[a]! * vectors[at + d]!
    }
  }

  private solveMany(rows: ArrayLike<number>, weights: ArrayLike<number> | undefined): void {
    const { vectors, dim, matrix, z, block, sum, kernels } = this
    matrix.fill(0)
    z.fill(0)
    for (let d = 0; d < dim; d++) matrix[d * dim + d] = 1
    for (let from = 0; from < rows.length; from += BLOCK) {
      const n = Math.min(BLOCK, rows.length - from)
      for (let j = 0; j < n; j++) {
        const weight = weights?.[from + j] ?? 1
        const root = Math.sqrt(weight)
        const at = rows[from + j]! * dim
        for (let d = 0; d < dim; d++) {
          z[d]! += weight * vectors[at + d]!
          block.data[j * dim + d] = root * vectors[at + d]!
        }
      }
      sum.data.fill(0)
      kernels.gemm(dim, dim, n, block.at, 4, dim * 4, block.at, dim * 4, 32, sum.at, dim * 4)
      for (let i = 0; i < sum.data.length; i++) matrix[i]! += sum.data[i]!
    }
    substitute(cholesky(matrix, dim), dim, z)
  }
}
