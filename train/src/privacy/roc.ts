/**
 * How well a score separates members from outsiders: the area under the ROC curve, and the share of members that an
 * attacker finds at a very low rate of false alarms. The second says more about the harm (Carlini et al. 2022,
 * "Membership Inference Attacks From First Principles", section IV).
 */
import type { Interval } from '../evaluate/figures/bootstrap.js'
import { random } from '../maths/random.js'

/** A figure and its 95 % bootstrap interval over sessions. */
export interface Estimate {
  value: number
  ci95: Interval
}

export interface Roc {
  members: number
  outsiders: number
  /** Chance that a member scores above an outsider; ties count half. 0.5 is guessing. */
  auc: Estimate
  /** Share of members found if 1 % (0.1 %) of outsiders are falsely accused. Guessing finds 0.01 (0.001). */
  foundAt1: Estimate
  foundAt01: Estimate
}

const DRAWS = 500

/** @param members, outsiders scores; higher means more likely a member. None may be NaN */
export function roc(members: Float64Array, outsiders: Float64Array, seed: number): Roc {
  const m = members.length
  const score = (i: number) => (i < m ? members[i]! : outsiders[i - m]!)
  const order = Uint32Array.from({ length: m + outsiders.length }, (_, i) => i)
  order.sort((a, b) => score(b) - score(a))
  const scores = Float64Array.from(order, score)
  const counts = new Float64Array(order.length).fill(1)
  const point = walk(order, scores, counts, m)

  const uniform = random(seed, 0x40c)
  const drawn = [0, 1, 2].map(() => new Float64Array(DRAWS))
  for (let draw = 0; draw < DRAWS; draw++) {
    counts.fill(0)
    for (let i = 0; i < m; i++) counts[Math.floor(uniform() * m)]!++
    for (let i = 0; i < outsiders.length; i++) counts[m + Math.floor(uniform() * outsiders.length)]!++
    for (const [f, value] of walk(order, scores, counts, m).entries()) drawn[f]![draw] = value
  }
  const estimate = (f: number): Estimate => ({ value: point[f]!, ci95: middle95(drawn[f]!) })
  return {
    members: m,
    outsiders: outsiders.length,
    auc: estimate(0),
    foundAt1: estimate(1),
    foundAt01: estimate(2),
  }
}

/** The 95 % interval of bootstrap draws, which may be in any order. */
export function middle95(draws: Float64Array): Interval {
  const sorted = draws.slice().sort()
  return [sorted[Math.floor(0.025 * sorted.length)]!, sorted[Math.ceil(0.975 * sorted.length) - 1]!]
}

/** Goes down the scores. Inside a tie the attacker would toss a coin, so the curve is straight there. */
function walk(order: Uint32Array, scores: Float64Array, counts: Float64Array, m: number): number[] {
  let members = 0
  let outsiders = 0
  for (let i = 0; i < counts.length; i++) {
    if (i < m) members += counts[i]!
    else outsiders += counts[i]!
  }
  const limits = [0.01 * outsiders, 0.001 * outsiders]
  const found = [Number.NaN, Number.NaN]
  let right = 0
  let wrong = 0
  let area = 0
  for (let i = 0; i < order.length; ) {
    let moreRight = 0
    let moreWrong = 0
    const tie = scores[i]!
    for (; i < order.length && scores[i] === tie; i++) {
      if (order[i]! < m) moreRight += counts[order[i]!]!
      else moreWrong += counts[order[i]!]!
    }
    area += moreWrong * (right + moreRight / 2)
    for (const [l, limit] of limits.entries()) {
      if (Number.isNaN(found[l]!) && wrong + moreWrong > limit) {
        found[l] = (right + (moreRight * (limit - wrong)) / moreWrong) / members
      }
    }
    right += moreRight
    wrong += moreWrong
  }
  return [area / (members * outsiders), found[0]!, found[1]!]
}
