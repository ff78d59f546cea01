/**
 * How much more the same category counts in `similar`: which item does a visitor look at after another one? The factor is
 * chosen on even sessions, and kept only if it finds more in odd ones for certain.
 */
import { answerSimilar } from '../../../worker/rank/answer.js'
import { knownBy } from '../../../worker/rank/candidates.js'
import { gather, type ServingModel } from '../../../worker/rank/evidence.js'
import type { Interactions } from '../data/interactions.js'
import { type Interval, intervals } from '../evaluate/figures/bootstrap.js'
import { Breath } from '../running/breath.js'

const FACTORS = [1.5, 2, 3, 5]
/** Most pairs in each half. With fewer than LEAST nothing is chosen. */
const ASKED = 1000
const LEAST = 100
const K = 20
const SEED = 1

export interface SimilarReport {
  kept: boolean
  factor: number
  /** Pairs that it was judged on, and the gain in MRR@20. */
  pairs: number
  gain: number
  ci95: Interval
}

interface Pair {
  session: number
  from: string
  to: string
}

/** @returns undefined where the shop has no categories, or too few pairs */
export async function fitSimilar(
  model: ServingModel,
  held: Interactions,
  signal?: AbortSignal,
): Promise<SimilarReport | undefined> {
  const pairs = pairsOf(held).filter(({ from }) => {
    const row = model.catalog.rowOf(from)
    return row >= 0 && model.catalog.attribute(row, 'category') !== undefined
  })
  const [learn, judge] = [0, 1].map((part) => {
    const own = pairs.filter(({ session }) => session % 2 === part)
    return own.filter((_, i) => i % Math.ceil(own.length / ASKED) === 0)
  }) as [Pair[], Pair[]]
  if (learn.length < LEAST || judge.length < LEAST) return undefined
  const breath = new Breath(signal)
  const known = knownBy(gather(model, []))
  const found = async (asked: readonly Pair[], factor: number) => {
    const similar = { ...model, similar: Math.log(factor) }
    const places = new Float64Array(asked.length)
    for (const [i, { from, to }] of asked.entries()) {
      const { ids } = answerSimilar(similar, known, { slot: '', id: from, limit: K, exclude: [] })
      const at = ids.indexOf(to)
      places[i] = at < 0 ? 0 : 1 / (at + 1)
      if (breath.due()) await breath.take()
    }
    return places
  }
  let best = { factor: FACTORS[0]!, worth: -1 }
  for (const factor of FACTORS) {
    const worth = mean(await found(learn, factor))
    if (worth > best.worth) best = { factor, worth }
  }
  const { factor } = best
  const plain = await found(judge, 1)
  const gain = (await found(judge, factor)).map((value, i) => value - plain[i]!)
  const numbers = new Map([...new Set(judge.map(({ session }) => session))].map((s, n) => [s, n]))
  const sessions = Uint32Array.from(judge, ({ session }) => numbers.get(session)!)
  const [ci95] = intervals([gain], sessions, SEED) as [Interval]
  return { kept: ci95[0] > 0, factor, pairs: judge.length, gain: mean(gain), ci95 }
}

/** Looks at one item after another, at two different ones. */
function pairsOf({ ids, offsets, rows }: Interactions): Pair[] {
  const pairs: Pair[] = []
  for (let s = 0; s + 1 < offsets.length; s++) {
    for (let e = offsets[s]! + 1; e < offsets[s + 1]!; e++) {
      if (rows[e] !== rows[e - 1]) pairs.push({ session: s, from: ids[rows[e - 1]!]!, to: ids[rows[e]!]! })
    }
  }
  return pairs
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
