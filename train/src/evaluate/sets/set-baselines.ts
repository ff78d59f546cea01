/**
 * Baselines that predict from a set of items: popularity in the last part of the log, association rules (Agrawal et
 * al. 1993) and item-kNN (Deshpande and Karypis 2004). Each is tuned on the latest twentieth of its own log, as the
 * pack is. With c_ji the sum of 1 / |basket|^shorter over the baskets that contain both, and n_i the number of
 * baskets that contain i:
 *
 *     rules  score(i) = sum over j of the set: idf_j^rarity * c_ji / (n_j + lambda)
 *     kNN    score(i) = sum over j of the set: idf_j^rarity * c_ji / sqrt((n_j + lambda) (n_i + lambda))
 *
 * Only the `kept` best entries of each j count.
 */

import type { SetQuestion } from '../../model/log/sets.js'
import { Breath } from '../../running/breath.js'
import { placesBy, recallOf } from './sets.js'

/** Share of the log, the latest, on which parameters are tuned. The trainer holds out the same share. */
const HELD_OUT = 0.05
/** Largest number of held-out questions. */
const ASKED = 1000
const K = 20

export interface SetBaseline {
  name: string
  parameters: Parameters
  /** Score of each row of the log; 0 means no score. */
  scores(given: readonly number[]): Float64Array
}

type Baskets = readonly (readonly number[])[]
type Parameters = Record<string, number>

interface Family {
  /** Values to try for each parameter, the most likely first. */
  grid: Record<string, readonly number[]>
  on(baskets: Baskets, items: number): (parameters: Parameters) => SetBaseline
}

const VOTES = { shorter: [1, 0, 0.5], lambda: [5, 0, 20, 100], rarity: [0, 1], kept: [200, 50, 1000] }
const FAMILIES = {
  popularity: { grid: { latest: [1, 0.5, 0.25, 0.1, 0.05, 0.02] }, on: popularity },
  itemKnn: { grid: VOTES, on: (baskets, items) => voting('itemKnn', baskets, items) },
  associationRules: { grid: VOTES, on: (baskets, items) => voting('associationRules', baskets, items) },
} satisfies Record<string, Family>

/**
 * @param names of the baselines to build
 * @param baskets distinct rows of each, in time order
 * @param ask makes questions of held-out baskets
 */
export async function setBaselines(
  names: readonly (keyof typeof FAMILIES)[],
  items: number,
  baskets: Baskets,
  ask: (held: Baskets) => SetQuestion[],
  signal?: AbortSignal,
): Promise<SetBaseline[]> {
  const cut = Math.ceil(baskets.length * (1 - HELD_OUT))
  const held = ask(baskets.slice(cut))
  const asked = held.filter((_, i) => i % Math.ceil(held.length / ASKED) === 0)
  const breath = new Breath(signal)
  const tuned: SetBaseline[] = []
  for (const name of names) {
    const { grid, on }: Family = FAMILIES[name]
    const trial = on(baskets.slice(0, cut), items)
    const recall = async (parameters: Parameters) => {
      const baseline = trial(parameters)
      let sum = 0
      for (const { given, wanted } of asked) {
        sum += recallOf(placesBy(baseline.scores(given), wanted, given), K)
        if (breath.due()) await breath.take()
      }
      return sum
    }
    tuned.push(on(baskets, items)(await search(grid, recall)))
  }
  return tuned
}

/** Optimises one parameter after the other, in two passes. */
async function search(
  grid: Record<string, readonly number[]>,
  judge: (parameters: Parameters) => Promise<number>,
): Promise<Parameters> {
  let best = Object.fromEntries(Object.entries(grid).map(([name, values]) => [name, values[0]!]))
  const known = new Map<string, number>()
  const value = async (parameters: Parameters) => {
    const key = JSON.stringify(parameters)
    const found = known.get(key) ?? (await judge(parameters))
    known.set(key, found)
    return found
  }
  for (let pass = 0; pass < 2; pass++) {
    for (const [name, values] of Object.entries(grid)) {
      for (const candidate of values) {
        const changed = { ...best, [name]: candidate }
        if ((await value(changed)) > (await value(best))) best = changed
      }
    }
  }
  return best
}

/** The number of baskets with each item, in the latest part of the log. */
function popularity(baskets: Baskets, items: number): (parameters: Parameters) => SetBaseline {
  return (parameters) => {
    const counts = new Float64Array(items)
    const from = Math.floor(baskets.length * (1 - parameters.latest!))
    for (const basket of baskets.slice(from)) for (const row of basket) counts[row]!++
    return { name: 'popularity', parameters, scores: () => counts }
  }
}

interface Row {
  rows: Uint32Array
  values: Float64Array
}

function voting(
  name: 'itemKnn' | 'associationRules',
  baskets: Baskets,
  items: number,
): (parameters: Parameters) => SetBaseline {
  const holders: number[][] = Array.from({ length: items }, () => [])
  for (const [b, basket] of baskets.entries()) for (const row of basket) holders[row]!.push(b)
  const counts = Float64Array.from(holders, ({ length }) => length)
  const together = new Map<string, Row>()

  function togetherWith(item: number, shorter: number): Row {
    const key = `${item} ${shorter}`
    const known = together.get(key)
    if (known) return known
    const sums = new Map<number, number>()
    for (const b of holders[item]!) {
      const basket = baskets[b]!
      const weight = basket.length ** -shorter
      for (const row of basket) if (row !== item) sums.set(row, (sums.get(row) ?? 0) + weight)
    }
    const found = { rows: Uint32Array.from(sums.keys()), values: Float64Array.from(sums.values()) }
    together.set(key, found)
    return found
  }

  return (parameters) => {
    const { shorter, lambda, rarity, kept } = parameters as Record<keyof typeof VOTES, number>
    const votes = new Map<number, Row>()
    const votesOf = (item: number): Row => {
      const { rows, values } = togetherWith(item, shorter)
      const own = counts[item]! + lambda
      const idf = Math.log(baskets.length / counts[item]!) ** rarity
      const scored = values.map(
        (value, i) =>
          (idf * value) / (name === 'itemKnn' ? Math.sqrt(own * (counts[rows[i]!]! + lambda)) : own),
      )
      if (rows.length <= kept) return { rows, values: scored }
      const best = Uint32Array.from(scored.keys()).sort(
        (a, b) => scored[b]! - scored[a]! || rows[a]! - rows[b]!,
      )
      const first = best.subarray(0, kept)
      return {
        rows: Uint32Array.from(first, (i) => rows[i]!),
        values: Float64Array.from(first, (i) => scored[i]!),
      }
    }
    return {
      name,
      parameters,
      scores(given) {
        const sums = new Float64Array(items)
        for (const item of given) {
          if (item < 0) continue
          const found = votes.get(item) ?? votesOf(item)
          votes.set(item, found)
          found.rows.forEach((row, i) => {
            sums[row]! += found.values[i]!
          })
        }
        return sums
      },
    }
  }
}
