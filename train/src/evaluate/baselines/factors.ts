/**
 * The baseline of matrix factorisation: the running session is folded in by one least-squares solve, its latest items
 * counting most, and every item is scored by its product with the session's vector (one call of the training kernels).
 */
import { instantiate } from '../../../kernels/kernels.js'
import { Memory } from '../../../kernels/memory.js'
import type { Baseline } from '../questions/baseline.js'
import type { Factors } from './factorise.js'
import { NormalEquations } from './normal-equations.js'

/** Questions whose scores are computed at once: the items' vectors are read once for all of them. */
const TOGETHER = 8

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
  const scores = memory.floats(TOGETHER * padded)
  const sessions = memory.floats(TOGETHER * dim)
  const rowMajor = memory.floats(padded * dim)
  rowMajor.data.set(items)
  kernels.packPanels(padded, dim, rowMajor.at, panels.at)
  const equations = new NormalEquations(items, dim)

  /** Places of at most TOGETHER targets, each given what was looked at before it. */
  function places(asked: readonly Asked[]): number[] {
    const views = asked.map(({ viewed }) => [...new Set(viewed.toReversed())].filter((item) => item >= 0))
    views.forEach((rows, i) => {
      const weights = rows.map((_, age) => decay ** age)
      sessions.data.set(equations.solve(rows, weights), i * dim)
    })
    scores.data.fill(0, 0, asked.length * padded)
    // biome-ignore format: one kernel a line.
    kernels.gemm(asked.length, padded, dim, sessions.at, 4 * dim, 4, panels.at, 32, 32 * dim, scores.at, 4 * padded)
    return asked.map(({ target }, i) => {
      if (target < 0 || views[i]!.length === 0) return 0
      const own = scores.data.subarray(i * padded, i * padded + count)
      if (!again) for (const row of views[i]!) own[row] = -Infinity
      return own[target] === -Infinity ? 0 : atLeast(own, own[target]!)
    })
  }

  return {
    name: 'matrixFactorisation',
    rank: (viewed, target) => places([{ viewed, target }])[0]!,
    rankSession(items) {
      const asked = Array.from(items, (target, at) => ({ viewed: items.subarray(0, at), target })).slice(1)
      const found: number[] = []
      for (let at = 0; at < asked.length; at += TOGETHER) {
        found.push(...places(asked.slice(at, at + TOGETHER)))
      }
      return found
    },
  }
}

interface Asked {
  viewed: Int32Array
  target: number
}

function atLeast(scores: Float32Array, least: number): number {
  let count = 0
  for (let i = 0; i < scores.length; i++) if (scores[i]! >= least) count++
  return count
}
