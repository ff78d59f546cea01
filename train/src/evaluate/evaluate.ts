/**
 * A pack against a test log: next-item prediction over the full catalogue. One prediction for each event after the
 * first of its session, from the events before it; candidates are all items of the pack, those already seen among
 * them; ties count against, and a target without a score is a miss.
 */
import type { Model } from '../../../worker/rank/evidence.js'
import type { Interactions } from '../data/interactions.js'
import type { PackFigures } from '../pack/weigh.js'
import { type Interval, intervals } from './bootstrap.js'
import { type ListFigures, Lists } from './lists.js'
import {
  type Accuracy,
  accuracy,
  type FullAccuracy,
  fullAccuracy,
  hit,
  quantile,
  reciprocal,
} from './metrics.js'
import { only, PARTS, type Part } from './parts.js'
import { type Questions, questionsOf } from './questions.js'
import { askBaseline, askPopularity, type ReplayOptions, replay } from './replay.js'
import { ruleBaselines } from './rules.js'
import { vsknn } from './vsknn.js'

export interface EvaluateOptions {
  /** List lengths, ascending. */
  ks: readonly number[]
  parts: readonly Part[]
  /** So many sessions at random, instead of all. */
  sample?: number | undefined
  /** The log that the pack was trained on, for the baselines that need one. */
  train?: Interactions | undefined
  signal?: AbortSignal | undefined
  onProgress?: ((phase: string, done: number, total: number) => void) | undefined
}

type BaselineFigures = Accuracy & {
  /** 95 % intervals of the pack's figure less the baseline's, paired by session. */
  difference: Record<string, Interval>
}

export interface Evaluation extends FullAccuracy, ListFigures {
  predictions: number
  sessions: number
  sampled: boolean
  parts: readonly Part[]
  /** Share of predictions whose target the pack does not know: misses all. */
  unknownTargets: number
  baselines: Record<string, BaselineFigures>
  latencyMs: { p50: number; p95: number }
  ci95: Record<string, Interval>
  pack?: PackFigures
}

/** Of samples and intervals: figures are the same at every run. */
const SEED = 1

/** @throws when the log has no session of two events, or the pack knows none of its items */
export async function evaluate(
  model: Model,
  test: Interactions,
  options: EvaluateOptions,
): Promise<Evaluation> {
  const { ks, parts, sample, train } = options
  const { catalog } = model
  const questions = questionsOf(test, (id) => catalog.rowOf(id), sample, SEED)
  const { sessionOf, rows } = questions
  if (sessionOf.length === 0) throw new Error('The log has no session of two events: nothing comes next.')
  if (rows.every((row) => row < 0)) {
    throw new Error(
      `The pack knows none of the log's items (the log has ${test.ids.slice(0, 3).join(', ')}…, ` +
        `the pack ${[0, 1, 2].filter((row) => row < catalog.size).map((row) => catalog.idOf(row))}…).`,
    )
  }
  const depth = ks[ks.length - 1]!
  const lists = new Lists(catalog, ks)
  const during = (phase: string): ReplayOptions => ({
    signal: options.signal,
    onProgress: (done, total) => options.onProgress?.(phase, done, total),
  })
  const { ranks, latency } = await replay(only(model, parts), questions, depth, {
    ...during('replay'),
    onList: (list, target) => lists.add(list, target),
  })

  const others = new Map<string, Uint32Array>([['popularity', askPopularity(catalog, questions)]])
  const neighbours = await replay(only(model, ['neighbours']), questions, depth, during('neighbours'))
  others.set('neighbours', neighbours.ranks)
  if (train) {
    const number = new Map(train.ids.map((id, row) => [id, row]))
    const rowOf = Int32Array.from(test.ids, (id) => number.get(id) ?? -1)
    for (const baseline of [...ruleBaselines(train), vsknn(train)]) {
      others.set(baseline.name, await askBaseline(baseline, questions, rowOf, during(baseline.name)))
    }
  }
  return {
    predictions: ranks.length,
    sessions: questions.offsets.length - 1,
    sampled: sample !== undefined && sample < sessionsOf(test),
    parts: PARTS.filter((part) => parts.includes(part)),
    unknownTargets: unknownTargets(questions),
    ...fullAccuracy(ranks, ks),
    ...lists.figures(),
    ...compare(ranks, others, ks, questions),
    latencyMs: { p50: quantile(latency, 0.5), p95: quantile(latency, 0.95) },
  }
}

/** Intervals of our figures at the deepest k, and of what they are above each baseline's. */
function compare(
  ranks: Uint32Array,
  others: ReadonlyMap<string, Uint32Array>,
  ks: readonly number[],
  { sessionOf }: Questions,
): Pick<Evaluation, 'baselines' | 'ci95'> {
  const k = ks[ks.length - 1]!
  const measures = [
    [`recall${k}`, (of: Uint32Array) => Float64Array.from(of, (rank) => hit(rank, k))],
    [`mrr${k}`, (of: Uint32Array) => Float64Array.from(of, (rank) => reciprocal(rank, k))],
  ] as const
  const own = measures.map(([, measure]) => measure(ranks))
  const series = [...own]
  for (const theirs of others.values()) {
    for (const [m, [, measure]] of measures.entries()) {
      const values = measure(theirs)
      series.push(own[m]!.map((value, p) => value - values[p]!))
    }
  }
  const found = intervals(series, sessionOf, SEED)
  const named = (from: number) => Object.fromEntries(measures.map(([name], m) => [name, found[from + m]!]))
  const baselines = [...others].map(([name, theirs], i): [string, BaselineFigures] => [
    name,
    { ...accuracy(theirs, ks), difference: named(measures.length * (i + 1)) },
  ])
  return { ci95: named(0), baselines: Object.fromEntries(baselines) }
}

function unknownTargets({ offsets, rows, sessionOf }: Questions): number {
  let unknown = 0
  for (let s = 0; s + 1 < offsets.length; s++) {
    for (let event = offsets[s]! + 1; event < offsets[s + 1]!; event++) if (rows[event]! < 0) unknown++
  }
  return unknown / sessionOf.length
}

function sessionsOf({ offsets }: Interactions): number {
  let count = 0
  for (let s = 0; s + 1 < offsets.length; s++) if (offsets[s + 1]! - offsets[s]! > 1) count++
  return count
}
