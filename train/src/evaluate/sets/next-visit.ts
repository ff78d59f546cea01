/**
 * Next-visit prediction: what will a returning visitor choose, before anything is known about the visit? The device
 * has only that person's earlier visits, in its event log, and the engine's long-term profile is made from them. The
 * right answers are the distinct items of the visit. `newItems` counts only the items that the person never had
 * before, and its candidates are all items that the person never had. The popularity baseline uses the last part of
 * the history; its length is chosen on the history.
 */
import { gather, type ServingModel } from '../../../../worker/rank/evidence.js'
import { retrieve } from '../../../../worker/rank/retrieve.js'
import type { Interactions } from '../../data/interactions.js'
import type { Visit } from '../../data/visits.js'
import type { Return } from '../../model/log/sets.js'
import type { PackFigures } from '../../pack/weigh.js'
import { Breath } from '../../running/breath.js'
import type { Interval } from '../figures/bootstrap.js'
import { quantile } from '../figures/metrics.js'
import { interestsOf, returnsIn } from '../questions/history.js'
import { mustKnowSome } from '../questions/known.js'
import { only } from '../questions/parts.js'
import type { SetBaselineFigures, SetTaskOptions } from './basket.js'
import { setBaselines } from './set-baselines.js'
import { compareSets, type Places, placesBy, placesIn, type SetFigures, setFigures } from './sets.js'

const SEED = 1

interface Answered extends SetFigures {
  visits: number
  targets: number
  baselines: Record<string, SetBaselineFigures>
  ci95: Record<string, Interval>
}

export interface NextVisitEvaluation extends Answered {
  task: 'next-visit'
  people: number
  /** Test visits left out, because the person is unknown or has no earlier visit. */
  withoutHistory: number
  /** Share of targets that the person had before. */
  repeated: number
  newItems: Answered
  latencyMs: { p50: number; p95: number }
  pack?: PackFigures
}

/** @throws when no person of the test has an earlier visit, or the pack knows none of the items */
export async function evaluateNextVisit(
  model: ServingModel,
  test: Interactions,
  { history, ks, parts, signal, onProgress }: SetTaskOptions & { history: Interactions },
): Promise<NextVisitEvaluation> {
  const { catalog } = model
  const depth = ks[ks.length - 1]!
  const { ids, before, now, returns } = returnsIn(test, history)
  mustKnowSome(catalog, ids)
  const rowOf = Int32Array.from(ids, (id) => catalog.rowOf(id))
  const served = only(model, parts)
  const breath = new Breath(signal)
  const latency = new Float64Array(returns.length)
  const places: Uint32Array[] = []
  const placesOfNew: Uint32Array[] = []
  for (const [r, found] of returns.entries()) {
    const { earlier, visit } = found
    const started = performance.now()
    const evidence = gather(served, [], interestsOf(found, rowOf))
    const whole = retrieve(served, evidence, depth, new Set(), true)
    latency[r] = performance.now() - started
    const had = hadOf(earlier)
    const rows = (items: readonly number[]) => items.map((item) => rowOf[item]!)
    places.push(placesIn(whole.rows, whole.relevance, rows(visit.items)))
    const unseen = retrieve(served, evidence, depth, new Set(rows([...had])), true)
    placesOfNew.push(
      placesIn(unseen.rows, unseen.relevance, rows(visit.items.filter((item) => !had.has(item)))),
    )
    if (breath.due()) {
      await breath.take()
      onProgress?.('replay', r, returns.length)
    }
  }

  const [popular] = await setBaselines(
    ['popularity'],
    ids.length,
    before.map(({ items }) => items),
    (held) => held.map((wanted) => ({ given: [], wanted })),
    signal,
  )
  const { parameters } = popular!
  const popularity = popular!.scores([])
  const byFrequency = ({ earlier }: Return) => {
    const scores = popularity.map((count) => count / (before.length + 1))
    for (const { items } of earlier) for (const item of items) scores[item]!++
    return scores
  }
  const baselines: [string, (of: Return) => Float64Array][] = [
    ['popularity', () => popularity],
    ['personalFrequency', byFrequency],
  ]
  const repeats = returns.flatMap(({ earlier, visit }) => {
    const had = hadOf(earlier)
    return visit.items.map((item) => had.has(item))
  })
  const answer = (
    own: Places,
    wanted: (of: Return) => readonly number[],
    taken: (of: Return) => Set<number>,
  ) => answered(returns, own, baselines, parameters, wanted, taken, ks)
  return {
    task: 'next-visit',
    people: new Set(returns.map(({ person }) => person)).size,
    withoutHistory: now.length - returns.length,
    repeated: repeats.filter(Boolean).length / repeats.length,
    ...answer(
      places,
      ({ visit }) => visit.items,
      () => new Set(),
    ),
    newItems: answer(
      placesOfNew,
      ({ earlier, visit }) => {
        const had = hadOf(earlier)
        return visit.items.filter((item) => !had.has(item))
      },
      ({ earlier }) => hadOf(earlier),
    ),
    latencyMs: { p50: quantile(latency, 0.5), p95: quantile(latency, 0.95) },
  }
}

/** Figures over the visits with at least one right answer, clustered by person. */
function answered(
  returns: readonly Return[],
  own: Places,
  baselines: readonly [string, (of: Return) => Float64Array][],
  parameters: Record<string, number>,
  wanted: (of: Return) => readonly number[],
  taken: (of: Return) => Set<number>,
  ks: readonly number[],
): Answered {
  const asked = returns.flatMap((visit, r) => (own[r]!.length > 0 ? [{ visit, places: own[r]! }] : []))
  // The bootstrap needs clusters that are numbered from 0, ascending.
  asked.sort((a, b) => a.visit.person - b.visit.person)
  const people = [...new Set(asked.map(({ visit }) => visit.person))]
  const number = new Map(people.map((person, i) => [person, i]))
  const clusters = Uint32Array.from(asked, ({ visit }) => number.get(visit.person)!)
  const places = asked.map(({ places }) => places)
  const theirs = baselines.map(([, scores]) =>
    asked.map(({ visit }) => placesBy(scores(visit), wanted(visit), taken(visit))),
  )
  const { ci95, differences } = compareSets(places, theirs, ks[ks.length - 1]!, clusters, SEED)
  return {
    visits: asked.length,
    targets: places.reduce((sum, { length }) => sum + length, 0),
    ...setFigures(places, ks),
    baselines: Object.fromEntries(
      baselines.map(([name], b) => [
        name,
        { ...setFigures(theirs[b]!, ks), parameters, difference: differences[b]! },
      ]),
    ),
    ci95,
  }
}

function hadOf(earlier: readonly Visit[]): Set<number> {
  return new Set(earlier.flatMap(({ items }) => items))
}
