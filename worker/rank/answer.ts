/** From a request of the page, in ids, to an answer in ids. Between the two a pipeline works on rows. */
import type { Explanation, RankedItems, RankRequest, RecommendRequest, SimilarRequest } from '../protocol.js'
import { type Candidates, contextOf, idAt, type RankContext, SOURCES } from './candidates.js'
import { type Evidence, gather, type ServingModel, viewsOf } from './evidence.js'
import { explain } from './explain.js'
import { findSimilar, measure, rank, recommend } from './pipeline.js'
import { reasonsOf, shopsOrder } from './reasons.js'

/** `rank` works out reasons for so many leading positions; `explain` has them for any item. */
const EXPLAINED = 50

/** What is known of the visitor when a request comes. */
export interface Known {
  evidence: Evidence
  /** Ids that the visitor wants to see less of: never recommended, and last of the list in `rank`. */
  unwanted: ReadonlySet<string>
}

/** What an answer depends on; names are the engine's business. */
type Unnamed<R> = Omit<R, 'requestId'>

export function answerRank(
  model: ServingModel,
  { evidence, unwanted }: Known,
  { ids, limit }: Unnamed<RankRequest>,
): RankedItems {
  const context = contextOf(model, evidence, { ids, limit, unwanted })
  const list = rank(context)
  const { by, ...columns } = rankingOf(context, list, Math.min(limit, EXPLAINED))
  return { by, order: Uint32Array.from(list.index), ...columns }
}

export function answerRecommend(
  model: ServingModel,
  { evidence, unwanted }: Known,
  { limit, exclude, seeds = [] }: Unnamed<RecommendRequest>,
): RankedItems {
  const rows = rowsOf(model, seeds)
  const about = rows.length > 0 ? gather(model, viewsOf(rows), [], rows.length > 1) : evidence
  const excluded = new Set(rowsOf(model, [...seeds, ...exclude, ...unwanted]))
  const context = contextOf(model, about, { limit, excluded })
  return rankingOf(context, recommend(context))
}

/** Like `id`; nothing where the pack does not know it. */
export function answerSimilar(
  model: ServingModel,
  { unwanted }: Known,
  { id, limit, exclude }: Unnamed<SimilarRequest>,
): RankedItems {
  const about = gather(model, viewsOf(rowsOf(model, [id])))
  const excluded = new Set(rowsOf(model, [id, ...exclude, ...unwanted]))
  const context = contextOf(model, about, { limit, excluded })
  return rankingOf(context, findSimilar(context))
}

export function answerExplain(model: ServingModel, { evidence }: Known, id: string): Explanation {
  const { catalog } = model
  const context = contextOf(model, evidence, { ids: [id] })
  const list = measure(context)
  const row = list.rows[0]!
  if (row < 0) return { id, known: false, parts: [], because: [] }
  const { parts, because } = explain(context, list, 0)
  return {
    id,
    known: true,
    facts: catalog.facts(row),
    parts,
    because: because.map(({ row, code, share }) => ({ item: catalog.idOf(row), code, share })),
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
  }
}

function rowsOf({ catalog }: ServingModel, ids: readonly string[]): number[] {
  return ids.map((id) => catalog.rowOf(id)).filter((row) => row >= 0)
}
