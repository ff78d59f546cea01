/**
 * The baseline of matrix factorisation: the running session is folded in by one least-squares solve, its latest items
 * counting most, and every item is scored by its product with the session's vector (one call of the training kernels).
 */
import { instantiate } from '../../kernels/kernels.js'
import { Memory } from '../../kernels/memory.js'
import type { Baseline } from './baseline.js'
import { type Factors, foldIn } from './factorise.js'

/**
 * @param decay how much less each earlier distinct item of the running session weighs
 * @param again whether items that the session has seen are put forward: with shops whose visitors come back to them
 */
export function factorBaseline(factors: Factors, decay: number, again: boolean): Baseline {
  const { dim, items } = factors
  const count = items.length / dim
  const padded = (count + 7) & ~7
  const memory = new Memory()
  const kernels = instantiate(memory)
  const panels = memory.floats(padded * dim)
  const scores = memory.floats(padded)
  const session = memory.floats(dim)
  const rowMajor = memory.floats(padded * dim)
  rowMajor.data.set(items)
  kernels.packPanels(padded, dim, rowMajor.at, panels.at)

  return {
    name: 'matrixFactorisation',
    rank(viewed, target) {
      const rows = [...new Set(viewed.toReversed())].filter((item) => item >= 0)
      if (target < 0 || rows.length === 0) return 0
      const weights = rows.map((_, age) => decay ** age)
      session.data.set(foldIn(factors, rows, weights))
      scores.data.fill(0)
      kernels.gemm(1, padded, dim, session.at, 0, 4, panels.at, 32, 32 * dim, scores.at, 4 * padded)
      if (!again) for (const row of rows) scores.data[row] = -Infinity
      const own = scores.data[target]!
      if (own === -Infinity) return 0
      let place = 0
      for (let item = 0; item < count; item++) if (scores.data[item]! >= own) place++
      return place
    },
  }
}
