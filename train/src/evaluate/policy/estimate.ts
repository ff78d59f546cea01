/**
 * What another policy would have earned, from what a first one has shown (off-policy evaluation; the estimators and the data
 * that they are checked with are those of Saito, Aihara, Matsutani and Narita 2020, "Open Bandit Dataset and Pipeline", arXiv
 * 2008.07146). A policy is a probability of each item at each position. The value is the mean number of clicks for each
 * impression.
 *
 * - `ips`: the mean of weight * click, where weight = target probability / propensity (Horvitz and Thompson 1952);
 * - `snips`: the same divided by the mean weight (Swaminathan and Joachims 2015), which a few large weights disturb less;
 * - `dr`: the mean of the target's expected click by a model, and of the weighted error of this model where something was shown
 *   (doubly robust, Dudik, Langford and Li 2011). The model of an impression has not seen its list.
 *
 * Intervals are 95 % bootstrap intervals over lists.
 */
import { mix, random } from '../../maths/random.js'
import type { Interval } from '../figures/bootstrap.js'
import type { Impression } from './shown.js'

/** Probability that an item is shown at a position; 0 for an item that never is. */
export interface Policy {
  items(position: string): ReadonlyMap<string, number>
}

export interface Estimate {
  value: number
  ci95: Interval
}

export interface Estimates {
  impressions: number
  lists: number
  clicks: number
  /** Of the policy that was logged. */
  logged: Estimate
  ips: Estimate
  snips: Estimate
  dr: Estimate
  /** So many impressions of the target policy itself would tell as much: (sum of weights)^2 / sum of squares (Kish 1965). */
  effectiveSampleSize: number
  meanWeight: number
  highestWeight: number
  /** Weights above the limit are set to it, which biases estimates towards less. */
  clipping: { limit: number; impressions: number; weightShare: number }
  /** Share of the target's impressions with items that were never shown at their position. The log says nothing about them. */
  unsupported: number
}

const DRAWS = 1000
const FOLDS = 5
/** The model's click rate of an item begins at that of its position, and counts as much as so many impressions. */
const PRIOR = 100

/** @param clip the highest weight */
export function estimate(shown: readonly Impression[], target: Policy, clip: number, seed = 1): Estimates {
  const numbers = new Map<string, number>()
  const lists = shown.map(({ list }) => {
    const number = numbers.get(list) ?? numbers.size
    numbers.set(list, number)
    return number
  })
  const seen = new Set(shown.map(({ item, position }) => keyOf(item, position)))
  const policies = new Map(
    [...new Set(shown.map(({ position }) => position))].map((p) => [p, target.items(p)]),
  )
  const modelOf = models(shown, lists, policies)

  /** By list: impressions, clicks, weights, weighted clicks, and the doubly robust terms. */
  const sums = Array.from({ length: 5 }, () => new Float64Array(numbers.size))
  let squares = 0
  let highestWeight = 0
  let cut = 0
  let clipped = 0
  let unsupported = 0
  shown.forEach(({ item, position, click, propensity }, n) => {
    const raw = (policies.get(position)!.get(item) ?? 0) / propensity
    const weight = Math.min(raw, clip)
    if (raw > clip) {
      clipped++
      cut += raw - clip
    }
    highestWeight = Math.max(highestWeight, raw)
    squares += weight * weight
    const { expected, of } = modelOf(lists[n]!, position)
    const terms = [1, click, weight, weight * click, expected + weight * (click - of(item))]
    terms.forEach((term, t) => {
      sums[t]![lists[n]!]! += term
    })
  })
  for (const { position } of shown) {
    for (const [item, p] of policies.get(position)!)
      if (!seen.has(keyOf(item, position))) unsupported += p / shown.length
  }

  const measure = ([count, clicks, weights, weighted, robust]: number[]) => ({
    logged: clicks! / count!,
    ips: weighted! / count!,
    snips: weights! > 0 ? weighted! / weights! : 0,
    dr: robust! / count!,
  })
  const totals = sums.map((values) => values.reduce((a, b) => a + b, 0))
  const whole = measure(totals)
  const drawn = bootstrap(sums, seed).map(measure)
  const named = (name: keyof typeof whole): Estimate => {
    const values = Float64Array.from(drawn, (one) => one[name]).sort()
    const at = (share: number) => values[Math.min(DRAWS - 1, Math.floor(share * DRAWS))]!
    return { value: whole[name], ci95: [at(0.025), at(0.975)] }
  }
  const weights = totals[2]!
  return {
    impressions: shown.length,
    lists: numbers.size,
    clicks: totals[1]!,
    logged: named('logged'),
    ips: named('ips'),
    snips: named('snips'),
    dr: named('dr'),
    effectiveSampleSize: squares > 0 ? weights ** 2 / squares : 0,
    meanWeight: weights / shown.length,
    highestWeight,
    clipping: { limit: clip, impressions: clipped, weightShare: cut > 0 ? cut / (cut + weights) : 0 },
    unsupported,
  }
}

const keyOf = (item: string, position: string) => `${position} ${item}`

interface ClickModel {
  /** The target's expected clicks at the position. */
  expected: number
  of(item: string): number
}

/** Click rates by item and position, one model for each fold of lists, learned from the other folds. */
function models(
  shown: readonly Impression[],
  lists: readonly number[],
  policies: ReadonlyMap<string, ReadonlyMap<string, number>>,
): (list: number, position: string) => ClickModel {
  const foldOf = (list: number) => mix(list) % FOLDS
  const folds = Array.from({ length: FOLDS }, (_, fold) => {
    const counts = new Map<string, { clicks: number; times: number }>()
    const add = (key: string, click: number) => {
      const count = counts.get(key) ?? { clicks: 0, times: 0 }
      count.clicks += click
      count.times++
      counts.set(key, count)
    }
    shown.forEach(({ item, position, click }, n) => {
      if (foldOf(lists[n]!) === fold) return
      add(position, click)
      add(keyOf(item, position), click)
    })
    return new Map(
      [...policies].map(([position, items]): [string, ClickModel] => {
        const all = counts.get(position)
        const base = all ? all.clicks / all.times : 0
        const of = (item: string) => {
          const { clicks, times } = counts.get(keyOf(item, position)) ?? { clicks: 0, times: 0 }
          return (clicks + PRIOR * base) / (times + PRIOR)
        }
        let expected = 0
        for (const [item, p] of items) expected += p * of(item)
        return [position, { expected, of }]
      }),
    )
  })
  return (list, position) => folds[foldOf(list)]!.get(position)!
}

/** Sums over lists that are drawn with replacement. */
function bootstrap(sums: readonly Float64Array[], seed: number): number[][] {
  const uniform = random(seed, 0x0ff)
  const { length } = sums[0]!
  return Array.from({ length: DRAWS }, () => {
    const totals = sums.map(() => 0)
    for (let n = 0; n < length; n++) {
      const list = Math.floor(uniform() * length)
      for (let t = 0; t < totals.length; t++) totals[t]! += sums[t]![list]!
    }
    return totals
  })
}
