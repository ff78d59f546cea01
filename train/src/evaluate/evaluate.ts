/**
 * Measures a pack on a test log by next-item prediction over the full catalogue. Each event after the first of its
 * session is predicted from the events before it. Candidates are all items of the pack, also those already seen in
 * the session. Ties count against the model, and a target without a score is a miss.
 */
import type { Catalog } from '../../../worker/catalog/catalog.js'
import type { ServingModel } from '../../../worker/rank/evidence.js'
import type { Interactions } from '../data/interactions.js'
import type { PackFigures } from '../pack/weigh.js'
import { loggedBaselines } from './baselines/logged.js'
import { eventCounts } from './baselines/memberships.js'
import { type Comparison, compare } from './figures/compare.js'
import { type Latency, latencyOf } from './figures/latency.js'
import { type ListFigures, Lists } from './figures/lists.js'
import { type FullAccuracy, fullAccuracy } from './figures/metrics.js'
import { nameOf } from './figures/names.js'
import { bandsOf, cutQuestions, type Slices, slicesOf } from './figures/slices.js'
import type { Baseline } from './questions/baseline.js'
import { interestsBySession } from './questions/history.js'
import { mustKnowSome } from './questions/known.js'
import { only, PARTS, type Part } from './questions/parts.js'
import { type Questions, questionsOf } from './questions/questions.js'
import { askBaseline, askPopularity, type ReplayOptions, replay } from './questions/replay.js'

export interface EvaluateOptions {
  /** List lengths, ascending. */
  ks: readonly number[]
  parts: readonly Part[]
  /** Use only this many sessions, drawn at random. */
  sample?: number | undefined
  /** The log that the pack was trained on, for the baselines that need it. */
  train?: Interactions | undefined
  /**
   * Earlier visits of the same people. Each session is then predicted as the person's device would, with what it
   * remembers.
   */
  history?: Interactions | undefined
  signal?: AbortSignal | undefined
  onProgress?: ((phase: string, done: number, total: number) => void) | undefined
}

export interface Evaluation extends FullAccuracy, ListFigures, Comparison {
  predictions: number
  sessions: number
  sampled: boolean
  parts: readonly Part[]
  /** With a history: sessions of people with earlier visits. */
  returning?: number
  /** Share of predictions whose target is not in the pack. All of them are misses. */
  unknownTargets: number
  slices: Slices
  latencyMs: Latency
  pack?: PackFigures
}

/** Seed of samples and intervals, so that figures are the same in every run. */
const SEED = 1

/**
 * @throws when the log has no session of two events, the pack knows none of its items, or the history knows none of
 * its people
 */
export async function evaluate(
  model: ServingModel,
  test: Interactions,
  options: EvaluateOptions,
): Promise<Evaluation> {
  const { ks, parts, sample, train } = options
  const { catalog } = model
  const questions = questionsOf(test, (id) => catalog.rowOf(id), sample, SEED)
  const { sessionOf } = questions
  if (sessionOf.length === 0) throw new Error('The log has no session of two events: nothing comes next.')
  mustKnowSome(catalog, test.ids)
  const depth = ks[ks.length - 1]!
  const lists = new Lists(catalog, ks)
  const during = (phase: string): ReplayOptions => ({
    signal: options.signal,
    onProgress: (done, total) => options.onProgress?.(phase, done, total),
  })
  const past = options.history && interestsBySession(test, options.history, catalog)
  const replayed = await replay(only(model, parts), questions, depth, {
    past,
    ...during('replay'),
    others: [only(model, ['neighbours'])],
    onList: (list, target, steps) =>
      lists.add(
        list,
        target,
        steps.map(({ row }) => row),
      ),
  })

  const { ranks, latency } = replayed
  const others = new Map<string, Uint32Array>([
    ['popularity', askPopularity(catalog, questions)],
    ['neighbours', replayed.others[0]!],
  ])
  if (past) {
    const { ranks } = await replay(only(model, parts), questions, depth, during('replay without history'))
    others.set('forgotten', ranks)
  }
  const settings = new Map<string, Baseline['settings']>()
  const number = new Map(train?.ids.map((id, row) => [id, row]))
  const rowOf = Int32Array.from(test.ids, (id) => number.get(id) ?? -1)
  if (train) {
    for await (const baseline of loggedBaselines(train, during)) {
      others.set(
        baseline.name,
        await askBaseline(baseline, questions, rowOf, during(nameOf(baseline.name, {}))),
      )
      settings.set(baseline.name, baseline.settings)
    }
  }
  const comparison = compare(ranks, others, ks, sessionOf, SEED)
  for (const [name, chosen] of settings) if (chosen) comparison.baselines[name]!.settings = chosen
  // The training log knows best how popular an item is. The pack's counts leave out rare items.
  const counts = train ? eventCounts(train) : packCounts(catalog)
  const known = train ? rowOf : Int32Array.from(test.ids, (id) => catalog.rowOf(id))
  const popularity = Float64Array.from(known, (row) => (row < 0 ? 0 : counts[row]!))
  const isRare = (row: number) => catalog.popularity(row) === 0
  // An item without a count in the pack is rare, which does not mean that it was never seen.
  const uncounted = train ? 'never seen' : 'not counted in the pack'
  const cuts = cutQuestions(questions, popularity, bandsOf(counts), isRare, uncounted)
  return {
    predictions: ranks.length,
    sessions: questions.offsets.length - 1,
    sampled: sample !== undefined && sample < sessionsOf(test),
    parts: PARTS.filter((part) => parts.includes(part)),
    ...(past && { returning: questions.sessions.filter((session) => past.has(session)).length }),
    unknownTargets: unknownTargets(questions),
    ...fullAccuracy(ranks, ks),
    ...lists.figures(),
    ...comparison,
    slices: slicesOf(cuts, ranks, others, ks),
    latencyMs: latencyOf(latency),
  }
}

function packCounts(catalog: Catalog): Float64Array {
  return Float64Array.from({ length: catalog.size }, (_, row) => catalog.popularity(row))
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
