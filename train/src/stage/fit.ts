/**
 * Fits the weights of the second stage: of each list, which candidate comes next? A conditional logit (McFadden 1974) with
 * normal priors, by Newton's method.
 *
 * The scale of the score itself is fitted too, because the likelihood would otherwise use the features to make scores bolder
 * or more cautious, which changes no order. The weights are given for the score as it is.
 */

import { cholesky, inverseOfLower } from '../../../worker/compute/cholesky.js'
import { STAGE } from '../../../worker/shape/stage-features.js'
import type { Interactions } from '../data/interactions.js'
import type { StageList } from './lists.js'

/**
 * The prior of a weight: a feature counts nothing until the log says otherwise, within this standard deviation in logits.
 */
const DEVIATION = 1
/** A weight must be so many standard errors away from its prior, else the prior stands. */
const EVIDENT = 3
/** What a pack may hold. */
const MOST = 100
const STEPS = 12

/**
 * What made-up lists cannot tell: they are drawn and ordered by counts, so how far to trust the shop's own server, and how much
 * popular items are preferred, is not in them. Both are fitted for each kind of list and then forgotten, or the other weights
 * would make up for how the lists were made.
 */
const UNTOLD: readonly string[] = ['popular', 'server']
/** What needs a time of the day, or days. */
const UNTIMED: Record<Interactions['time'], readonly string[]> = {
  real: [],
  day: ['noon', 'evening'],
  order: ['noon', 'evening', 'weekend', 'away'],
}
const FORGOTTEN = UNTOLD.map((name) => (STAGE as readonly string[]).indexOf(name))

export interface StageFit {
  /** One weight for each of STAGE; 0 where the prior stands. */
  weights: Float64Array
  /** The features that tell candidates apart, and the weight of each with all of them in use. */
  tried: Map<number, number>
}

/** @param time of the log: what it does not have says nothing */
export function fitStage(lists: readonly StageList[], time: Interactions['time']): StageFit {
  const untold = [...UNTOLD, ...UNTIMED[time]]
  const told = [...STAGE.keys()].filter((f) => !untold.includes(STAGE[f]!) && varies(lists, f))
  const first = newton(lists, told)
  const evident = told.filter((_, n) => Math.abs(first.weights[n]!) > EVIDENT * first.errors[n]!)
  const { weights, scale } = newton(lists, evident)
  const all = new Float64Array(STAGE.length)
  evident.forEach((f, n) => {
    all[f] = Math.max(-MOST, Math.min(MOST, weights[n]! / scale))
  })
  return { weights: all, tried: new Map(told.map((f, n) => [f, first.weights[n]! / first.scale])) }
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

/** @param chosen the features to use; behind them come the score, and the untold features for each kind of list */
function newton(lists: readonly StageList[], chosen: readonly number[]): Fit {
  const servers = [...new Set(lists.map(({ server }) => server))]
  const n = chosen.length + 1 + FORGOTTEN.length * servers.length
  const theta = new Float64Array(n)
  theta[chosen.length] = 1
  const start = theta.slice()
  const precision = 1 / DEVIATION ** 2
  let inverse: Float64Array = new Float64Array(n * n)
  for (let step = 0; step < STEPS; step++) {
    const gradient = new Float64Array(n)
    const curvature = new Float64Array(n * n)
    for (const list of lists) {
      const place = chosen.length + 1 + FORGOTTEN.length * servers.indexOf(list.server)
      add(columnsOf(list, chosen, place, n), list.target, theta, gradient, curvature)
    }
    for (let a = 0; a < n; a++) {
      gradient[a]! -= precision * (theta[a]! - start[a]!)
      curvature[a * n + a]! += precision
    }
    inverse = inverseOf(curvature, n)
    let moved = 0
    for (let a = 0; a < n; a++) {
      let change = 0
      for (let b = 0; b < n; b++) change += inverse[a * n + b]! * gradient[b]!
      // Never far in one step: away from the optimum the curvature tells little.
      theta[a]! += Math.max(-1, Math.min(1, change))
      moved = Math.max(moved, Math.abs(change))
    }
    if (moved < 1e-6) break
  }
  return {
    weights: theta.subarray(0, chosen.length),
    errors: Float64Array.from(chosen, (_, a) => Math.sqrt(inverse[a * n + a]!)),
    scale: Math.max(0.05, theta[chosen.length]!),
  }
}

/** The inverse of a positive definite matrix, which is overwritten. */
function inverseOf(matrix: Float64Array, n: number): Float64Array {
  const root = inverseOfLower(cholesky(matrix, n), n)
  const inverse = new Float64Array(n * n)
  for (let a = 0; a < n; a++) {
    for (let b = 0; b < n; b++) {
      for (let c = Math.max(a, b); c < n; c++) inverse[a * n + b]! += root[c * n + a]! * root[c * n + b]!
    }
  }
  return inverse
}

/** What the fit sees of a list: n values of each candidate. */
function columnsOf(
  { scores, features }: StageList,
  chosen: readonly number[],
  place: number,
  n: number,
): Float64Array {
  const size = STAGE.length
  const columns = new Float64Array(scores.length * n)
  for (let i = 0; i < scores.length; i++) {
    for (const [a, f] of chosen.entries()) columns[i * n + a] = features[i * size + f]!
    columns[i * n + chosen.length] = scores[i]!
    for (const [a, f] of FORGOTTEN.entries()) columns[i * n + place + a] = features[i * size + f]!
  }
  return columns
}

/** Adds the gradient of a list's log-likelihood, and the negative of its curvature. */
function add(
  columns: Float64Array,
  target: number,
  theta: Float64Array,
  gradient: Float64Array,
  curvature: Float64Array,
): void {
  const n = theta.length
  const logits = new Float64Array(columns.length / n)
  let highest = -Infinity
  for (let i = 0; i < logits.length; i++) {
    let logit = 0
    for (let a = 0; a < n; a++) logit += theta[a]! * columns[i * n + a]!
    logits[i] = logit
    highest = Math.max(highest, logit)
  }
  let total = 0
  for (let i = 0; i < logits.length; i++) total += Math.exp(logits[i]! - highest)
  const mean = new Float64Array(n)
  for (let i = 0; i < logits.length; i++) {
    const share = Math.exp(logits[i]! - highest) / total
    if (share < 1e-6) continue
    for (let a = 0; a < n; a++) {
      const value = share * columns[i * n + a]!
      if (value === 0) continue
      mean[a]! += value
      for (let b = 0; b <= a; b++) curvature[a * n + b]! += value * columns[i * n + b]!
    }
  }
  for (let a = 0; a < n; a++) {
    gradient[a]! += columns[target * n + a]! - mean[a]!
    for (let b = 0; b <= a; b++) curvature[a * n + b]! -= mean[a]! * mean[b]!
  }
}
