/**
 * The matrix factorisation baseline. It computes a vector for the running session by one least-squares solve in which
 * the latest items count most, and scores every item by its product with that vector (one call of the training
 * kernels).
 */
import { instantiate } from '../../../kernels/kernels.js'
import { Memory } from '../../../kernels/memory.js'
import type { Baseline } from '../questions/baseline.js'
import type { Factors } from './factorise.js'
import { NormalEquations } from './normal-equations.js'

/** Questions whose scores are computed together, so that the items' vectors are read once for all of them. */
const TOGETHER = 8

/**
 * @param decay factor of the weight of each earlier distinct item of the running session
 * @param again whether items that the session has already seen can be recommended; useful in shops whose visitors
 * return to items
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

  /** Places of at most TOGETHER targets. Each target comes with the items viewed before it. */
  function places(asked: readonly Asked[]): number[] {
    const views = asked.map(({ viewed }) => [...new Set(viewed.toReversed())].filter((item) => item >= 0))
    views.forEach((rows, i) => {
      const weights = rows.map((_, age) => decay ** age)
      sessions.data.set(equations.solve(rows, weights), i * dim)
    })
    scores.data.fill(0, 0, asked.length * padded)
    // biome-ignore format: one kernel call per line.
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
