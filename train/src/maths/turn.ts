/** Multiplies many vectors by one matrix, a block at a time, with the training kernels. */
import { instantiate } from '../../kernels/kernels.js'
import { Memory } from '../../kernels/memory.js'

const BLOCK = 1024

/**
 * @param vectors rows*from, row-major
 * @param axes from*dim, row-major; dim is a multiple of 8
 * @param take gets a block of turned vectors (n*dim, row-major) and the number of its first row; the array is reused
 */
export function turnRows(
  vectors: Float32Array,
  from: number,
  axes: Float64Array,
  take: (turned: Float32Array, row: number) => void,
): void {
  const dim = axes.length / from
  const rows = vectors.length / from
  const memory = new Memory()
  const kernels = instantiate(memory)
  const input = memory.floats(BLOCK * from)
  const output = memory.floats(BLOCK * dim)
  const turn = memory.floats(from * dim)
  turn.data.set(axes)
  for (let row = 0; row < rows; row += BLOCK) {
    const n = Math.min(BLOCK, rows - row)
    input.data.set(vectors.subarray(row * from, (row + n) * from))
    output.data.fill(0)
    kernels.gemm(n, dim, from, input.at, from * 4, 4, turn.at, dim * 4, 32, output.at, dim * 4)
    take(output.data.subarray(0, n * dim), row)
  }
}
