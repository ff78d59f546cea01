/**
 * Basket completion: each session is a basket, that is, a set of items. Its items are shuffled with a fixed seed; the
 * last fifth, at least one, is hidden and must be found from the rest. Items that the basket already contains are not
 * candidates.
 */
import { gather, type ServingModel, viewsOf } from '../../../../worker/rank/evidence.js'
import { retrieve } from '../../../../worker/rank/retrieve.js'
import type { Interactions } from '../../data/interactions.js'
import { visitsOf } from '../../data/visits.js'
import { hide, type SetQuestion } from '../../model/log/sets.js'
import type { PackFigures } from '../../pack/weigh.js'
import { Breath } from '../../running/breath.js'
import type { Interval } from '../figures/bootstrap.js'
import { quantile } from '../figures/metrics.js'
import { mustKnowSome } from '../questions/known.js'
import { only, type Part } from '../questions/parts.js'
import { setBaselines } from './set-baselines.js'
import { compareSets, type Places, placesBy, placesIn, type SetFigures, setFigures } from './sets.js'

const SEED = 1
const BASELINES = ['popularity', 'itemKnn', 'associationRules'] as const

export interface SetTaskOptions {
  ks: readonly number[]
  parts: readonly Part[]
  signal?: AbortSignal | undefined
  onProgress?: ((phase: string, done: number, total: number) => void) | undefined
}

export type SetBaselineFigures = SetFigures & {
  parameters?: Record<string, number>
  /** 95 % intervals of the pack's figure minus the baseline's, paired. */
  difference: Record<string, Interval>
}

export interface BasketEvaluation extends SetFigures {
  task: 'basket'
  baskets: number
  hidden: number
  /** Share of hidden items that the pack does not know. All of them are misses. */
  unknownTargets: number
  baselines: Record<string, SetBaselineFigures>
  latencyMs: { p50: number; p95: number }
  ci95: Record<string, Interval>
  pack?: PackFigures
}

/**
 * @param train the training log, for the baselines
 * @throws when no basket has two items, or the pack knows none of them
 */
export async function evaluateBasket(
  model: ServingModel,
  test: Interactions,
  { train, ...options }: SetTaskOptions & { train?: Interactions | undefined },
): Promise<BasketEvaluation> {
  const { catalog } = model
  const depth = options.ks[options.ks.length - 1]!
  const questions = hide(
    visitsOf(test).map(({ items }) => items),
    SEED,
  )
  if (questions.length === 0)
    throw new Error('The log has no session of two different items: no basket to complete.')
  mustKnowSome(catalog, test.ids)
  const breath = new Breath(options.signal)
  const served = only(model, options.parts)
  const inPack = Int32Array.from(test.ids, (id) => catalog.rowOf(id))
  const latency = new Float64Array(questions.length)
  const places: Uint32Array[] = []
  for (const [q, { given, wanted }] of questions.entries()) {
    const rows = given.map((item) => inPack[item]!).filter((row) => row >= 0)
    const before = performance.now()
    const found = retrieve(
      served,
      gather(served, viewsOf(rows), [], rows.length > 1),
      depth,
      new Set(rows),
      true,
    )
    latency[q] = performance.now() - before
    places.push(
      placesIn(
        found.rows,
        found.relevance,
        wanted.map((item) => inPack[item]!),
      ),
    )
    if (breath.due()) {
      await breath.take()
      options.onProgress?.('replay', q, questions.length)
    }
  }

  const others = await baselinePlaces(questions, test, train, options)
  const { ci95, differences } = compareSets(
    places,
    others.map(({ places }) => places),
    depth,
    Uint32Array.from(places.keys()),
    SEED,
  )
  const hidden = questions.flatMap(({ wanted }) => wanted)
  return {
    task: 'basket',
    baskets: questions.length,
    hidden: hidden.length,
    unknownTargets: hidden.filter((item) => inPack[item]! < 0).length / hidden.length,
    ...setFigures(places, options.ks),
    baselines: Object.fromEntries(
      others.map(({ name, parameters, places }, i) => [
        name,
        { ...setFigures(places, options.ks), parameters, difference: differences[i]! },
      ]),
    ),
    latencyMs: { p50: quantile(latency, 0.5), p95: quantile(latency, 0.95) },
    ci95,
  }
}

interface Asked {
  name: string
  parameters: Record<string, number>
  places: Places
}

async function baselinePlaces(
  questions: readonly SetQuestion[],
  test: Interactions,
  train: Interactions | undefined,
  { signal, onProgress }: SetTaskOptions,
): Promise<Asked[]> {
  if (!train) return []
  onProgress?.('tuning the baselines', 0, 1)
  const baskets = visitsOf(train).map(({ items }) => items)
  const baselines = await setBaselines(
    BASELINES,
    train.ids.length,
    baskets,
    (held) => hide(held, SEED),
    signal,
  )
  const number = new Map(train.ids.map((id, row) => [id, row]))
  const inTrain = Int32Array.from(test.ids, (id) => number.get(id) ?? -1)
  const rows = (items: readonly number[]) => items.map((item) => inTrain[item]!)
  return baselines.map(({ name, parameters, scores }) => ({
    name,
    parameters,
    places: questions.map(({ given, wanted }) =>
      placesBy(
        scores(rows(given)),
        rows(wanted),
        rows(given).filter((row) => row >= 0),
      ),
    ),
  }))
}
