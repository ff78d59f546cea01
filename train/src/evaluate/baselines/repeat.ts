/**
 * A repeat layer for a baseline without one. It multiplies the score of an item that the session saw k distinct items
 * ago by exp(r_k), as nearside's own blend does. A comparison of the two then shows what they know, and not who has a
 * repeat layer. r is fitted on held-out sessions of the training log: scores are read as shares, and their
 * cross-entropy, which is convex in r, is minimised.
 */
import type { Baseline, ScoreItems } from '../questions/baseline.js'
import { placeOf } from '../questions/baseline.js'

/** The number of distinct items that the layer looks back; the same as in nearside's blend. */
const DEPTH = 10
const STEPS = 50
/**
 * Weight of the prior that pulls each r_k towards 0, in questions. If no session of the cut has a case of k, r_k
 * stays 0.
 */
const PRIOR = 1

/** A held-out question, reduced to what the fit needs. */
export interface RepeatQuestion {
  /** Score of the item seen k distinct items ago (k from 0); 0 if there is none. */
  seen: Float64Array
  /** Sum of the scores of all other items. */
  rest: number
  /** How many distinct items ago the target was seen; -1 for a new one. */
  target: number
}

export function repeatQuestion(
  scores: ReadonlyMap<number, number>,
  items: Int32Array,
  target: number,
): RepeatQuestion {
  const seen = new Float64Array(DEPTH)
  const order = recency(items)
  let rest = 0
  for (const score of scores.values()) rest += score
  order.forEach((item, k) => {
    seen[k] = scores.get(item) ?? 0
    rest -= seen[k]!
  })
  return { seen, rest: Math.max(0, rest), target: order.indexOf(target) }
}

/** Fits r_0 … by Newton's method, one coordinate after the other. */
export function fitRepeat(questions: readonly RepeatQuestion[]): Float64Array {
  const r = new Float64Array(DEPTH)
  // Without a score of the target, no factor can help.
  const useful = questions.filter(({ seen, rest, target }) => (target < 0 ? rest : seen[target]!) > 0)
  for (let step = 0; step < STEPS; step++) {
    for (let k = 0; k < DEPTH; k++) {
      let slope = PRIOR * r[k]!
      let curvature = PRIOR
      const factors = r.map(Math.exp)
      for (const { seen, rest, target } of useful) {
        if (seen[k] === 0) continue
        let total = rest
        for (let j = 0; j < DEPTH; j++) total += seen[j]! * factors[j]!
        const share = (seen[k]! * factors[k]!) / total
        slope += share - (target === k ? 1 : 0)
        curvature += share * (1 - share)
      }
      r[k]! -= Math.max(-1, Math.min(1, slope / curvature))
    }
  }
  return r
}

export function withRepeat(name: string, score: ScoreItems, r: Float64Array): Baseline {
  const factors = r.map(Math.exp)
  return {
    name,
    rank(items, target) {
      if (target < 0) return 0
      const scores = score(items)
      recency(items).forEach((item, k) => {
        const own = scores.get(item)
        if (own !== undefined) scores.set(item, own * factors[k]!)
      })
      return placeOf(scores, target)
    },
  }
}

/** The latest DEPTH distinct items, the latest first. */
function recency(items: Int32Array): number[] {
  const latest = new Set<number>()
  for (let j = items.length - 1; j >= 0 && latest.size < DEPTH; j--) if (items[j]! >= 0) latest.add(items[j]!)
  return [...latest]
}
