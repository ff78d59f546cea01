/**
 * Fits the weights of the second stage: of each list, which candidate comes next? A conditional logit (McFadden 1974) with
 * normal priors, by Newton's method.
 *
 * The scale of the score itself is fitted too, because the likelihood would otherwise use the features to make scores bolder
 * or more cautious, which changes no order. The weights are given for the score as it is.
 */
import { STAGE } from '../../../worker/rank/stage/features.js'
import { cholesky, inverseOfLower } from '../maths/cholesky.js'
import type { StageList } from './lists.js'

/**
 * Where a weight is presumed to be: a feature that the blend has no place for counts nothing, until the log says otherwise. The
 * standard deviation is in logits.
 */
const PRIOR = { mean: 0, deviation: 1 }
/** A weight must be so many standard errors away from its prior, else the prior stands. */
const EVIDENT = 2
const STEPS = 12

/** What a log cannot tell: its lists are made up, so how far to trust the shop's own server is not in them. */
const UNTOLD: readonly string[] = ['server']

/** @returns one weight for each of STAGE; 0 for those that the lists say nothing of */
export function fitStage(lists: readonly StageList[]): Float64Array {
  const told = [...STAGE.keys()].filter((f) => !UNTOLD.includes(STAGE[f]!) && varies(lists, f))
  const first = newton(lists, told)
  const evident = told.filter((_, n) => Math.abs(first.weights[n]!) > EVIDENT * first.errors[n]!)
  const { weights, scale } = newton(lists, evident)
  const all = new Float64Array(STAGE.length)
  evident.forEach((f, n) => {
    all[f] = weights[n]! / scale
  })
  return all
}

/** Whether the feature tells candidates of one list apart in at least one list of a hundred. */
function varies(lists: readonly StageList[], f: number): boolean {
  const telling = lists.filter(({ features }) => {
    for (let at = f; at < features.length; at += STAGE.length) if (features[at] !== features[f]) return true
    return false
  })
  return telling.length > 0.01 * lists.length
}

interface Fit {
  weights: Float64Array
  errors: Float64Array
  /** Of the score. */
  scale: number
}

/** @param chosen the features to use */
function newton(lists: readonly StageList[], chosen: readonly number[]): Fit {
  const n = chosen.length + 1
  const theta = new Float64Array(n)
  theta[n - 1] = 1
  const precision = 1 / PRIOR.deviation ** 2
  let inverse: Float64Array = new Float64Array(n * n)
  for (let step = 0; step < STEPS; step++) {
    const gradient = new Float64Array(n)
    const hessian = new Float64Array(n * n)
    for (const list of lists) add(list, chosen, theta, gradient, hessian)
    for (let a = 0; a < n; a++) {
      gradient[a]! -= precision * (theta[a]! - (a === n - 1 ? 1 : PRIOR.mean))
      hessian[a * n + a]! += precision
    }
    const root = inverseOfLower(cholesky(hessian, n), n)
    inverse = new Float64Array(n * n)
    for (let a = 0; a < n; a++)
      for (let b = 0; b < n; b++)
        for (let c = Math.max(a, b); c < n; c++)
          inverse[a * n + b]! += root[c * n + a]! * root[c * n + b]!
    let moved = 0
    const change = theta.map((_, a) => {
      let sum = 0
      for (let b = 0; b < n; b++) sum += inverse[a * n + b]! * gradient[b]!
      return sum
    })
    for (let a = 0; a < n; a++) {
      // Never far in one step: away from the optimum the curvature tells little.
      const by = Math.max(-1, Math.min(1, change[a]!))
      theta[a]! += by
      moved = Math.max(moved, Math.abs(by))
    }
    if (moved < 1e-6) break
  }
  return {
    weights: theta.subarray(0, n - 1),
    errors: Float64Array.from(chosen, (_, a) => Math.sqrt(inverse[a * n + a]!)),
    scale: Math.max(0.05, theta[n - 1]!),
  }
}

/** Adds the gradient of a list's log-likelihood, and the negative of its curvature. */
function add(
  { scores, features, target }: StageList,
  chosen: readonly number[],
  theta: Float64Array,
  gradient: Float64Array,
  hessian: Float64Array,
): void {
  const n = chosen.length + 1
  const size = STAGE.length
  const logits = scores.map((score, i) => {
    let logit = theta[n - 1]! * score
    for (let a = 0; a < n - 1; a++) logit += theta[a]! * features[i * size + chosen[a]!]!
    return logit
  })
  const highest = logits.reduce((most, logit) => Math.max(most, logit), -Infinity)
  let total = 0
  for (const logit of logits) total += Math.exp(logit - highest)
  const mean = new Float64Array(n)
  const x = new Float64Array(n)
  const read = (i: number) => {
    for (let a = 0; a < n - 1; a++) x[a] = features[i * size + chosen[a]!]!
    x[n - 1] = scores[i]!
  }
  for (let i = 0; i < logits.length; i++) {
    const share = Math.exp(logits[i]! - highest) / total
    if (share < 1e-9) continue
    read(i)
    for (let a = 0; a < n; a++) {
      mean[a]! += share * x[a]!
      for (let b = 0; b <= a; b++) hessian[a * n + b]! += share * x[a]! * x[b]!
    }
  }
  read(target)
  for (let a = 0; a < n; a++) {
    gradient[a]! += x[a]! - mean[a]!
    for (let b = 0; b <= a; b++) hessian[a * n + b]! -= mean[a]! * mean[b]!
  }
}
