/** Operations on tall matrices with few columns, for subspace iteration. The number of columns is a multiple of 8. */
import { instantiate, type Kernels } from '../../kernels/kernels.js'
import { type Floats, Memory } from '../../kernels/memory.js'
import { eigen } from './symmetric.js'

/** Rows in a block. Sums are in single precision inside a block and in double precision over all blocks. */
const BLOCK = 1024

/**
 * The second moment X'X of many vectors X: dim*dim, row-major.
 * @param vectors rows*dim, row-major; dim is a multiple of 8
 * @param skip 1 for rows that do not count
 */
export function secondMoment(vectors: Float32Array, dim: number, skip?: Uint8Array): Float64Array {
  const memory = new Memory()
  const kernels = instantiate(memory)
  const rows = vectors.length / dim
  const block = memory.floats(BLOCK * dim)
  const sum = memory.floats(dim * dim)
  const out = new Float64Array(dim * dim)
  for (let from = 0; from < rows; from += BLOCK) {
    const n = Math.min(BLOCK, rows - from)
    block.data.set(vectors.subarray(from * dim, (from + n) * dim))
    if (skip) for (let i = 0; i < n; i++) if (skip[from + i]) block.data.fill(0, i * dim, (i + 1) * dim)
    sum.data.fill(0)
    kernels.gemm(dim, dim, n, block.at, 4, dim * 4, block.at, dim * 4, 32, sum.at, dim * 4)
    for (let i = 0; i < out.length; i++) out[i]! += sum.data[i]!
  }
  return out
}

/** The product A'B of two matrices, rows*wide each: wide*wide. */
function gram(
  kernels: Kernels,
  memory: Memory,
  a: Floats,
  b: Floats,
  rows: number,
  wide: number,
): Float64Array {
  const sum = new Float64Array(wide * wide)
  const block = memory.floats(wide * wide)
  for (let from = 0; from < rows; from += BLOCK) {
    block.data.fill(0)
    const n = Math.min(BLOCK, rows - from)
    const skip = from * wide * 4
    kernels.gemm(wide, wide, n, a.at + skip, 4, wide * 4, b.at + skip, wide * 4, 32, block.at, wide * 4)
    for (let i = 0; i < sum.length; i++) sum[i]! += block.data[i]!
  }
  return sum
}

/**
 * Writes an orthonormal basis of the columns of q to `out`: q V L^(-1/2), where V and L are the eigenvectors and
 * eigenvalues of q'q. Directions of (almost) no length become 0.
 * @param q rows*wide, row-major, like `out`
 */
export function orthonormalise(
  kernels: Kernels,
  memory: Memory,
  q: Floats,
  out: Floats,
  rows: number,
  wide: number,
): void {
  const { values, vectors } = eigen(gram(kernels, memory, q, q, rows, wide), wide)
  const root = memory.floats(wide * wide)
  const floor = Math.max(values[0]! * 1e-10, 1e-30)
  for (let i = 0; i < wide; i++) {
    for (let j = 0; j < wide; j++) {
      const value = values[j]!
      root.data[i * wide + j] = value > floor ? vectors[i * wide + j]! / Math.sqrt(value) : 0
    }
  }
  out.data.fill(0)
  kernels.gemm(rows, wide, wide, q.at, wide * 4, 4, root.at, wide * 4, 32, out.at, wide * 4)
}

/**
 * Approximates eigenvalues and eigenvectors of a symmetric matrix M in the subspace of the columns of q
 * (Rayleigh-Ritz). Returns those of q'Mq.
 * @param q rows*wide, with orthonormal columns
 * @param mapped M q, rows*wide
 */
export function ritz(
  kernels: Kernels,
  memory: Memory,
  q: Floats,
  mapped: Floats,
  rows: number,
  wide: number,
): ReturnType<typeof eigen> {
  const small = gram(kernels, memory, q, mapped, rows, wide)
  for (let i = 0; i < wide; i++) {
    for (let j = 0; j < i; j++) {
      const mean = (small[i * wide + j]! + small[j * wide + i]!) / 2
      small[i * wide + j] = small[j * wide + i] = mean
    }
  }
  return eigen(small, wide)
}
