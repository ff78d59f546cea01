/**
 * The second stage of a pack: fitted on one half of the held-out sessions, and kept only if it orders the lists of the other
 * half better for certain. No session is used that the model has learned from.
 */

import type { ServingModel } from '../../../worker/rank/evidence.js'
import { STAGE } from '../../../worker/shape/stage-features.js'
import type { Interactions } from '../data/interactions.js'
import { type Interval, intervals } from '../evaluate/figures/bootstrap.js'
import { hit } from '../evaluate/figures/metrics.js'
import { fitStage } from './fit.js'
import { type StageList, stageLists } from './lists.js'
import { fitSimilar, type SimilarReport } from './similar.js'
import type { VarietyReport } from './variety.js'

/** Most questions. Each is asked of three servers. */
const ASKED = 3000
/** With fewer lists in either half, nothing is fitted. */
const LEAST = 200
const K = 10
const SEED = 1

/** A gain in NDCG@10 on held-out lists, and how sure it is. */
export interface Gain {
  gain: number
  ci95: Interval
}

export interface Judged {
  /** Held-out lists that have the next item, and NDCG@10 without the second stage. */
  lists: number
  ndcg10: number
  whole: Gain
  /** The same by the kind of list. */
  servers: Record<string, Gain>
}

export interface StageReport extends Judged {
  /** Whether the pack has it. */
  kept: boolean
  /**
   * By feature that tells candidates apart: its weight, and what it adds to the others. The weight is 0 where the log is not
   * evident; then the gain is what it would add.
   */
  features: Record<string, Gain & { weight: number }>
}

export interface Stage {
  /** How much more the same category counts in `similar`; absent where that does not pay. */
  similar?: number
  beside?: SimilarReport
  /** What `variety: true` means; absent where there are too few sessions to know. */
  variety?: VarietyReport
  /** Absent where it does not pay. */
  weights?: number[]
  /** Absent where there are too few lists to judge. */
  report?: StageReport
}

/**
 * @param model that has learned from the sessions of `known` alone
 * @param held later sessions
 */
export async function secondStage(
  model: ServingModel,
  known: Interactions,
  held: Interactions,
  signal?: AbortSignal,
): Promise<Stage> {
  const beside = await fitSimilar(model, held, signal)
  const ofSimilar = beside ? { beside, ...(beside.kept && { similar: Math.log(beside.factor) }) } : {}
  const [learn, judge] = await stageLists(model, known, held, ASKED, signal)
  if (learn.length < LEAST || judge.length < LEAST) return ofSimilar
  const { weights, tried } = fitStage(learn, held.time)
  const changed = (f: number, value: number) => weights.map((weight, g) => (g === f ? value : weight))
  const whole = gains(judge, weights)
  const worth = [...tried].map(([f, weight]): Gain => {
    const used = weights[f] !== 0
    const other = gains(judge, changed(f, used ? 0 : weight))
    return gainOf(
      judge,
      whole.map((value, i) => (used ? value - other[i]! : other[i]! - value)),
    )
  })
  const judged = judgeStage(judge, weights)
  const harmless = Object.values(judged.servers).every(({ ci95 }) => ci95[1] >= 0)
  const kept = judged.whole.ci95[0] > 0 && harmless
  return {
    ...ofSimilar,
    ...(kept && { weights: [...weights] }),
    report: {
      kept,
      ...judged,
      features: Object.fromEntries(
        [...tried.keys()].map((f, n) => [STAGE[f]!, { weight: weights[f]!, ...worth[n]! }]),
      ),
    },
  }
}

/** What weights are worth on lists that they were not fitted on. */
export function judgeStage(lists: readonly StageList[], weights: Float64Array): Judged {
  const plain = gains(lists, new Float64Array(weights.length))
  const series = gains(lists, weights).map((value, i) => value - plain[i]!)
  const servers = [...new Set(lists.map(({ server }) => server))].sort()
  return {
    lists: lists.length,
    ndcg10: mean(plain),
    whole: gainOf(lists, series),
    // What helps one kind of list must not harm another.
    servers: Object.fromEntries(
      servers.map((server): [string, Gain] => {
        const own = [...lists.keys()].filter((i) => lists[i]!.server === server)
        return [
          server,
          gainOf(
            own.map((i) => lists[i]!),
            Float64Array.from(own, (i) => series[i]!),
          ),
        ]
      }),
    ),
  }
}

function gainOf(lists: readonly StageList[], series: Float64Array): Gain {
  const [ci95] = intervals([series], numbered(lists), SEED) as [Interval]
  return { gain: mean(series), ci95 }
}

/** NDCG@10 of each list in the order of its scores with these weights; equal scores stay in the server's order. */
function gains(lists: readonly StageList[], weights: Float64Array): Float64Array {
  const used = [...weights.keys()].filter((f) => weights[f] !== 0)
  return Float64Array.from(lists, ({ scores, features, places, target }) => {
    const scoreOf = (i: number) => {
      let score = scores[i]!
      for (const f of used) score += weights[f]! * features[i * weights.length + f]!
      return Math.fround(score)
    }
    const own = scoreOf(target)
    let ahead = 0
    for (let i = 0; i < scores.length; i++) {
      const score = scoreOf(i)
      if (score > own || (score === own && i < target)) ahead++
    }
    const place = places[ahead]! + 1
    return hit(place, K) ? 1 / Math.log2(place + 1) : 0
  })
}

/** The session of each list, ascending from 0 without gaps. */
function numbered(lists: readonly StageList[]): Uint32Array {
  let [number, last] = [-1, -1]
  return Uint32Array.from(lists, ({ session }) => {
    if (session !== last) number++
    last = session
    return number
  })
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
