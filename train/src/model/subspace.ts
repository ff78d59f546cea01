/** Tall matrices of few columns: what subspace iteration is made of. Columns come in multiples of 8. */
import type { Kernels } from '../../kernels/kernels.js'
import type { Floats, Memory } from '../../kernels/memory.js'
import { eigen } from './symmetric.js'

/** A'B of two matrices of `rows` rows. */
export function gram(
  kernels: Kernels,
  memory: Memory,
  a: Floats,
  b: Floats,
  rows: number,
  wide: number,
): Float64Array {
  const sum = new Float64Array(wide * wide)
  const block = memory.floats(wide * wide)
  // In blocks, summed in doubles.
  for (let from = 0; from < rows; from += 1024) {
    block.data.fill(0)
    const n = Math.min(1024, rows - from)
    const skip = from * wide * 4
    kernels.gemm(wide, wide, n, a.at + skip, 4, wide * 4, b.at + skip, wide * 4, 32, block.at, wide * 4)
    for (let i = 0; i < sum.length; i++) sum[i]! += block.data[i]!
  }
  return sum
}

/** out = an orthonormal basis of q's columns: q (q'q)^(-1/2), directions of no length left at 0. */
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
