/** From a request of the page, in ids, to an answer in ids. Between the two a pipeline works on rows. */
import { basketOf } from '../feedback/basket.js'
import type {
  Explanation,
  RankedItems,
  RankingSettings,
  RankRequest,
  RecommendRequest,
  SimilarRequest,
} from '../protocol.js'
import { type Candidates, contextOf, idAt, type Known, type RankContext, SOURCES } from './candidates.js'
import { gather, type ServingModel, viewsOf } from './evidence.js'
import { explain } from './explain.js'
import { findSimilar, measure, rank, recommend } from './pipeline.js'
import { reasonsOf, shopsOrder } from './reasons.js'
import { deepened } from './rules/deepen.js'
import { effectsAlone } from './rules/rules.js'
import { sourcesOf } from './sources/all.js'

/** `rank` works out reasons for so many leading positions; `explain` has them for any item. */
const EXPLAINED = 50

/** What an answer depends on; names are the engine's business. */
type Unnamed<R> = Omit<R, 'requestId' | 'ranking'>

/** @param settings how the list is made: those of pack, shop, slot and call, put together */
export function answerRank(
  model: ServingModel,
  known: Known,
  { ids, limit, facts = [], serverScores = new Float64Array(), fixed = [] }: Unnamed<RankRequest>,
  settings: RankingSettings = {},
): RankedItems {
  const request = { ids, limit, facts, serverScores, fixed: new Set(fixed) }
  const context = contextOf(model, known, { ...request, settings })
  const list = rank(context)
  const { by, ...columns } = rankingOf(context, list, Math.min(limit, EXPLAINED))
  return { by, order: Uint32Array.from(list.index), ...columns }
}

export function answerRecommend(
  model: ServingModel,
  known: Known,
  { limit, exclude, seeds = [] }: Unnamed<RecommendRequest>,
  settings: RankingSettings = {},
): RankedItems {
  const asked = seeds.length > 0 || settings.head !== 'goes-with' ? seeds : basketOf(known.events, known.now)
  const rows = rowsOf(model, asked)
  const head = rows.length === 0 ? 'home' : (settings.head ?? 'goes-with')
  const evidence = rows.length > 0 ? gather(model, viewsOf(rows), [], rows.length > 1) : known.evidence
  const excluded = new Set(rowsOf(model, [...asked, ...exclude, ...known.unwanted]))
  const context = contextOf(
    model,
    { ...known, evidence },
    { limit, excluded, settings: { ...settings, head } },
  )
  return rankingOf(context, deepened(context, recommend))
}

/** Like `id`; nothing where the pack does not know it. */
export function answerSimilar(
  model: ServingModel,
  known: Known,
  { id, limit, exclude }: Unnamed<SimilarRequest>,
  settings: RankingSettings = {},
): RankedItems {
  const evidence = gather(model, viewsOf(rowsOf(model, [id])))
  const excluded = new Set(rowsOf(model, [id, ...exclude, ...known.unwanted]))
  const context = contextOf(
    model,
    { ...known, evidence },
    { limit, excluded, settings: { head: 'similar', ...settings } },
  )
  return rankingOf(context, deepened(context, findSimilar))
}

export function answerExplain(
  model: ServingModel,
  known: Known,
  id: string,
  settings: RankingSettings = {},
): Explanation {
  const { catalog } = model
  const context = contextOf(model, known, { ids: [id], settings })
  const list = measure(context)
  const row = list.rows[0]!
  const effects = effectsAlone(list, context, 0)
  const ruled = effects.length > 0 && { rules: effects }
  if (row < 0) return { id, known: false, sources: [], parts: [], because: [], ...ruled }
  const { parts, because } = explain(context, list, 0)
  return {
    id,
    known: true,
    facts: catalog.facts(row),
    sources: sourcesOf(context, row),
    parts,
    because: because.map(({ row, code, share }) => ({ item: catalog.idOf(row), code, share })),
    ...ruled,
  }
}

/** @param explained how many leading positions get reasons of their own */
function rankingOf(context: RankContext, list: Candidates, explained = Infinity): RankedItems {
  return {
    by: 'device',
    ids: Array.from(list.rows, (_, i) => idAt(context, list, i)),
    scores: Float32Array.from(list.score),
    sources: Array.from(list.source, (code) => SOURCES[code]!),
    reasons: Array.from(list.rows, (_, i) => (i < explained ? reasonsOf(context, list, i) : shopsOrder())),
    ...(list.rules?.broken.length && { broken: [...list.rules.broken] }),
  }
}

function rowsOf({ catalog }: ServingModel, ids: readonly string[]): number[] {
  return ids.map((id) => catalog.rowOf(id)).filter((row) => row >= 0)
}
