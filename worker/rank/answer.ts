/** From a request of the page, in ids, to an answer in ids. Between the two a pipeline works on rows. */
import { basketOf } from '../feedback/basket.js'
import type { RankedItems, RankRequest, RecommendRequest, SimilarRequest } from '../protocol.js'
import { contextOf, idAt, type Known, type Made, type RankContext, SOURCES } from './candidates.js'
import { deepened } from './deepen.js'
import { gather, type ServingModel, viewsOf } from './evidence.js'
import { findSimilar, rank, recommend } from './pipeline.js'
import { reasonsOf } from './reasons.js'
import { type ListRecord, recorded } from './record.js'

/** `rank` works out reasons for so many leading positions; `explain` has them for any item. */
const EXPLAINED = 50

/** What an answer depends on. The request's name is the seed of what is drawn. */
type Unnamed<R> = Omit<R, 'requestId' | 'ranking'> & { requestId?: string }

export function answerRank(
  model: ServingModel,
  known: Known,
  { requestId, ids, limit, facts = [], serverScores = new Float64Array(), fixed = [] }: Unnamed<RankRequest>,
  made: Made = {},
): RankedItems {
  const request = { requestId: requestId ?? '', ids, limit, facts, serverScores, fixed: new Set(fixed) }
  const context = contextOf(model, known, { ...request, ...made })
  // They take as long as all the rest, and most lists show none.
  const withReasons = made.settings?.reasons === true
  return answerOf({ context, list: rank(context), make: rank }, withReasons, Math.min(limit, EXPLAINED))
}

export function answerRecommend(
  model: ServingModel,
  known: Known,
  { requestId = '', limit, exclude, seeds = [] }: Unnamed<RecommendRequest>,
  made: Made = {},
): RankedItems {
  const { settings = {} } = made
  const asked = seeds.length > 0 || settings.head !== 'goes-with' ? seeds : basketOf(known.events, known.now)
  const rows = rowsOf(model, asked)
  const evidence = rows.length > 0 ? gather(model, viewsOf(rows), [], rows.length > 1) : known.evidence
  const excluded = new Set(rowsOf(model, [...asked, ...exclude, ...known.unwanted]))
  const request = { requestId, limit, excluded, ...made }
  const context = contextOf(model, { ...known, evidence }, request)
  const make = (context: RankContext) => deepened(context, recommend)
  return answerOf({ context, list: make(context), make }, settings.reasons !== false)
}

/** Like `id`; nothing where the pack does not know it. */
export function answerSimilar(
  model: ServingModel,
  known: Known,
  { requestId = '', id, limit, exclude }: Unnamed<SimilarRequest>,
  made: Made = {},
): RankedItems {
  const evidence = gather(model, viewsOf(rowsOf(model, [id])))
  const excluded = new Set(rowsOf(model, [id, ...exclude, ...known.unwanted]))
  const settings = { head: 'similar' as const, ...made.settings }
  const request = { requestId, limit, excluded, ...made, settings }
  const context = contextOf(model, { ...known, evidence }, request)
  const make = (context: RankContext) => deepened(context, findSimilar)
  return answerOf({ context, list: make(context), make }, settings.reasons !== false)
}

/** @param explained how many leading positions get reasons of their own */
function answerOf(record: ListRecord, withReasons: boolean, explained = Infinity): RankedItems {
  const { context, list } = record
  const items: RankedItems = {
    by: 'device',
    ...(record.make === rank && { order: Uint32Array.from(list.index) }),
    ids: Array.from(list.rows, (_, i) => idAt(context, list, i)),
    scores: Float32Array.from(list.score),
    sources: Array.from(list.source, (code) => SOURCES[code]!),
    reasons: withReasons ? reasonsOf(context, list, explained) : Array.from(list.rows, () => []),
    ...(list.rules?.broken.length && { broken: [...list.rules.broken] }),
    ...(list.propensities && { propensities: [...list.propensities] }),
  }
  return recorded(items, record)
}

function rowsOf({ catalog }: ServingModel, ids: readonly string[]): number[] {
  return ids.map((id) => catalog.rowOf(id)).filter((row) => row >= 0)
}
