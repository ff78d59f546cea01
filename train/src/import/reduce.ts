/**
 * Brings vectors with any number of values to the size in a pack. If they are too large, they are rotated to their
 * principal axes, and only the leading axes are kept. Products of vectors stay the same, except for what the other axes
 * held.
 */
import { instantiate } from '../../kernels/kernels.js'
import { Memory } from '../../kernels/memory.js'
import { normal, random } from '../maths/random.js'
import { orthonormalise, ritz, secondMoment } from '../maths/subspace.js'
import { turnRows } from '../maths/turn.js'

/** About how many rows, evenly spread, the axes are computed from. */
const SAMPLE = 20_000
const OVERSAMPLING = 16
const ITERATIONS = 20
/** Kernels need rows whose length is a multiple of this. */
const LANES = 8

export interface Reduced {
  dim: number
  /** rows*dim, row-major. */
  vectors: Float32Array
  /** from*dim, row-major: the new vectors are the old ones times this matrix. */
  axes: Float64Array
  /** Share of the sum of squares that is kept, 0 to 1. */
  kept: number
}

/**
 * @param vectors rows*from, row-major
 * @param most the most values that a vector may have, a multiple of 8; smaller ones are filled with zeros to a
 * multiple of 8
 */
export function reduce(vectors: Float32Array, from: number, most: number): Reduced {
  const rows = vectors.length / from
  const wide = Math.ceil(from / LANES) * LANES
  const dim = Math.min(wide, most)
  const axes = wide > most ? principalAxes(vectors, from, dim) : identity(from, dim)
  const out = new Float32Array(rows * dim)
  turnRows(vectors, from, axes, (turned, row) => out.set(turned, row * dim))
  const before = squares(vectors)
  const kept = before > 0 ? squares(out) / before : 1
  return { dim, vectors: out, axes, kept }
}

function squares(values: Float32Array): number {
  let sum = 0
  for (const value of values) sum += value * value
  return sum
}

function identity(from: number, dim: number): Float64Array {
  const axes = new Float64Array(from * dim)
  for (let d = 0; d < from; d++) axes[d * dim + d] = 1
  return axes
}

/** The leading eigenvectors of the second moment, by subspace iteration (Golub, Van Loan, section 8.2). */
function principalAxes(vectors: Float32Array, from: number, dim: number): Float64Array {
  const memory = new Memory()
  const kernels = instantiate(memory)
  const rows = vectors.length / from
  const stride = Math.max(1, Math.ceil(rows / SAMPLE))
  const n = Math.ceil(rows / stride)
  const wide = Math.ceil(from / LANES) * LANES
  const sample = new Float32Array(n * wide)
  for (let i = 0; i < n; i++) {
    const row = i * stride
    sample.set(vectors.subarray(row * from, (row + 1) * from), i * wide)
  }
  const moment = memory.floats(wide * wide)
  moment.data.set(secondMoment(sample, wide))
  const columns = Math.min(wide, dim + OVERSAMPLING)
  const q = memory.floats(wide * columns)
  const next = memory.floats(wide * columns)
  const uniform = random(from, 31)
  for (let i = 0; i < q.data.length; i++) q.data[i] = normal(uniform)
  const multiply = () => {
    next.data.fill(0)
    const row = columns * 4
    kernels.gemm(wide, columns, wide, moment.at, wide * 4, 4, q.at, row, 32, next.at, row)
  }
  for (let i = 0; i < ITERATIONS; i++) {
    multiply()
    // Twice, because in single precision one pass is not exact enough.
    orthonormalise(kernels, memory, next, q, wide, columns)
    orthonormalise(kernels, memory, q, next, wide, columns)
    q.data.set(next.data)
  }
  multiply()
  const { vectors: turn } = ritz(kernels, memory, q, next, wide, columns)
  const axes = new Float64Array(from * dim)
  for (let d = 0; d < from; d++) {
    for (let k = 0; k < columns; k++) {
      const x = q.data[d * columns + k]!
      for (let c = 0; c < dim; c++) axes[d * dim + c]! += x * turn[k * columns + c]!
    }
  }
  return axes
}
