/**
 * Fits the blend (worker/rank/blend.ts) on sessions that the model has not seen, over the candidates that the engine
 * itself would find for them. The first half of the steps minimises cross-entropy, which behaves well but spends much
 * effort on items far down the list. The second half minimises a smooth form of the rank of the right item, which is
 * what lists are judged by (ApproxNDCG, Qin, Liu, Li 2010, with the logarithm of the rank).
 */
import { type Blend, type BlendWeights, BUCKETS } from '../../../../worker/rank/blend.js'
import type { ServingModel } from '../../../../worker/rank/evidence.js'
import { HABITS, type Repeat } from '../../../../worker/rank/repeats.js'
import { Breath } from '../../running/breath.js'
import type { Question } from '../log/predictions.js'
import { type Candidates, collectCandidates } from './candidates.js'

const STEPS = 100
const RATE = 0.08
/** Softness of the rank: at this distance in ln of relevance, one candidate is clearly ahead of another. */
const SOFT = 0.1
/** The smallest relevance of a target that is used. Slopes contain its inverse, which must stay finite. */
const FAINTEST = 1e-250

/**
 * The blend before anything is fitted.
 * @param tables how many neighbour tables there are
 * @param repeat what is added to the logit of each recent item, the latest first
 * @param table weight of each table; the vectors have weight 1
 */
export function initialBlend(tables: number, repeat: Float32Array, table = 0.3): Blend {
  return {
    buckets: Array.from({ length: BUCKETS }, (_, bucket) => ({
      dense: 1,
      denseExponent: 1,
      table: new Array<number>(tables).fill(table),
      tableExponent: new Array<number>(tables).fill(1),
      // The longer the session, the less earlier visits matter.
      profile: [0.5, 0.35, 0.25, 0.15][bucket]!,
      again: 0,
      server: 0.3,
    })),
    repeat: Float32Array.from(repeat),
    habit: new Float32Array(HABITS),
    rareBias: 0,
    tableDecay: 0.7,
    tableWindow: 20,
  }
}

export async function fitBlend(
  model: ServingModel,
  asked: readonly Question[],
  signal?: AbortSignal,
): Promise<Blend> {
  const candidates = await collectCandidates(model, asked, signal)
  const { blend } = model
  if (candidates.targets.length < 20) return blend
  const parts = candidates.logs.length
  const repeats = blend.repeat.length
  // Layout: for each bucket, ln weight and ln exponent of each part; then the repeat terms, the habits, and at the end
  // the bias of rare items.
  const perBucket = 2 * parts
  const repeatAt = BUCKETS * perBucket
  const habitAt = repeatAt + repeats
  const theta = new Float64Array(habitAt + HABITS + 1)
  for (let b = 0; b < BUCKETS; b++) {
    const { dense, table } = blend.buckets[b]!
    ;[dense, ...table].forEach((w, p) => {
      theta[b * perBucket + 2 * p] = Math.log(w)
    })
  }
  theta.set(blend.repeat, repeatAt)
  theta.set(blend.habit, habitAt)

  const m = new Float64Array(theta.length)
  const v = new Float64Array(theta.length)
  const gradient = new Float64Array(theta.length)
  const breath = new Breath(signal)
  for (let step = 0; step < STEPS; step++) {
    gradient.fill(0)
    addGradient(candidates, theta, step < STEPS / 2 ? crossEntropy : logRank, gradient)
    const rate = RATE * Math.min(1, 3 * (1 - step / STEPS))
    for (let i = 0; i < theta.length; i++) {
      m[i] = 0.9 * m[i]! + 0.1 * gradient[i]!
      v[i] = 0.98 * v[i]! + 0.02 * gradient[i]! ** 2
      const mean = m[i]! / (1 - 0.9 ** (step + 1))
      theta[i]! -= (rate * mean) / (Math.sqrt(v[i]! / (1 - 0.98 ** (step + 1))) + 1e-8)
    }
    if (breath.due()) await breath.take()
  }
  return {
    ...blend,
    buckets: blend.buckets.map((bucket, b): BlendWeights => {
      const at = (p: number, exponent: 0 | 1) => Math.exp(theta[b * perBucket + 2 * p + exponent]!)
      const tables = bucket.table.map((_, t) => t + 1)
      return {
        ...bucket,
        // Only ratios of weights matter.
        dense: 1,
        denseExponent: at(0, 1),
        table: tables.map((p) => at(p, 0) / at(0, 0)),
        tableExponent: tables.map((p) => at(p, 1)),
      }
    }),
    repeat: Float32Array.from(theta.subarray(repeatAt, habitAt)),
    habit: Float32Array.from(theta.subarray(habitAt, habitAt + HABITS)),
    rareBias: theta[theta.length - 1]!,
  }
}

/** Adds the gradient of the mean loss per question to `gradient`. */
function addGradient(
  { starts, targets, buckets, logs, repeats, rare, copies }: Candidates,
  theta: Float64Array,
  loss: Loss,
  gradient: Float64Array,
): void {
  const parts = logs.length
  const repeatAt = BUCKETS * 2 * parts
  const rareAt = theta.length - 1
  const habitAt = rareAt - HABITS
  const terms = habitAt - repeatAt
  const placesOf = ([recency, mode, times]: Repeat) => [
    repeatAt + Math.min(recency, terms - 1),
    habitAt + mode,
    habitAt + times,
  ]
  const count = targets.length
  const size = starts.reduce((most, start, q) => Math.max(most, start - (starts[q - 1] ?? 0)), 0)
  const shares = logs.map(() => new Float64Array(size))
  const relevances = new Float64Array(size)
  const slopes = new Float64Array(size)
  const exponents = new Float64Array(parts)
  for (let q = 0; q < count; q++) {
    const base = buckets[q]! * 2 * parts
    const from = starts[q]!
    const n = starts[q + 1]! - from
    const logOf = (p: number, i: number) =>
      logs[p]![from + i]! + (p === 0 && rare[from + i] ? theta[rareAt]! : 0)
    relevances.fill(0, 0, n)
    for (let p = 0; p < parts; p++) {
      const weight = theta[base + 2 * p]!
      const exponent = Math.exp(theta[base + 2 * p + 1]!)
      exponents[p] = exponent
      for (let i = 0; i < n; i++) {
        const log = logOf(p, i)
        shares[p]![i] = log === -Infinity ? 0 : Math.exp(weight + exponent * log)
        relevances[i]! += shares[p]![i]!
      }
    }
    for (let i = 0; i < n; i++) {
      const repeat = repeats.get(from + i)
      if (!repeat) continue
      const factor = Math.exp(placesOf(repeat).reduce((sum, place) => sum + theta[place]!, 0))
      relevances[i]! *= factor
      for (let p = 0; p < parts; p++) shares[p]![i]! *= factor
    }
    // The target is so far behind that the inverse of its relevance is not finite. There is no gradient to follow.
    if (!(relevances[targets[q]! - from]! > FAINTEST)) continue
    loss(relevances, copies.subarray(from, from + n), targets[q]! - from, slopes)
    for (let i = 0; i < n; i++) {
      const slope = slopes[i]! / count
      if (slope === 0) continue
      for (let p = 0; p < parts; p++) {
        const share = shares[p]![i]!
        if (share === 0) continue
        const exponent = exponents[p]!
        gradient[base + 2 * p]! += slope * share
        gradient[base + 2 * p + 1]! += slope * share * exponent * logOf(p, i)
        if (p === 0 && rare[from + i]) gradient[rareAt]! += slope * share * exponent
      }
      const repeat = repeats.get(from + i)
      if (repeat) for (const place of placesOf(repeat)) gradient[place]! += slope * relevances[i]!
    }
  }
}

/**
 * Writes the derivative of a question's loss by each candidate's relevance. Candidate i stands for copies[i] of them.
 */
type Loss = (relevances: Float64Array, copies: Uint8Array, target: number, slopes: Float64Array) => void

/** -ln(relevance of the target / sum of all). */
const crossEntropy: Loss = (relevances, copies, target, slopes) => {
  let total = 0
  for (let i = 0; i < copies.length; i++) total += copies[i]! * relevances[i]!
  for (let i = 0; i < copies.length; i++) slopes[i] = copies[i]! / total
  slopes[target]! -= 1 / relevances[target]!
}

/** ln of the target's smooth rank. A candidate is ahead by the degree sigmoid(ln(its relevance / target's) / SOFT). */
const logRank: Loss = (relevances, copies, target, slopes) => {
  let rank = 1
  let sum = 0
  for (let i = 0; i < copies.length; i++) {
    slopes[i] = 0
    if (i === target || relevances[i] === 0) continue
    const ahead = 1 / (1 + (relevances[target]! / relevances[i]!) ** (1 / SOFT))
    const moved = (copies[i]! * ahead * (1 - ahead)) / SOFT
    rank += copies[i]! * ahead
    sum += moved
    slopes[i] = moved / relevances[i]!
  }
  slopes[target] = -sum / relevances[target]!
  for (let i = 0; i < copies.length; i++) slopes[i]! /= rank
}
