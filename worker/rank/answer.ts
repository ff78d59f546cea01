/** From a request of the page, in ids, to an answer in ids: the one place where rows and ids meet in ranking. */
import type { Explanation, RankedItems, RankRequest, RecommendRequest, SimilarRequest } from '../protocol.js'
import { type Evidence, gather, type Model, viewsOf } from './evidence.js'
import { account, reasons, sourceOf } from './reasons.js'
import { rerank } from './rerank.js'
import { retrieve } from './retrieve.js'

/** Reasons are worked out for so many leading positions; `explain` has them for any item. */
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
  model: Model,
  { evidence, unwanted }: Known,
  { ids, limit }: Unnamed<RankRequest>,
): RankedItems {
  // Missing ids and later repetitions of one have no row of their own.
  const seen = new Set([''])
  const rows = Int32Array.from(ids, (id) => (seen.has(id) ? -1 : seen.add(id) && model.catalog.rowOf(id)))
  const { order, scores } = rerank(model, evidence, rows, limit)
  const isUnwanted = (i: number) => Number(unwanted.has(ids[i]!))
  // Stable: all others stay as they are.
  order.sort((a, b) => isUnwanted(a) - isUnwanted(b))
  return {
    by: 'device',
    order,
    ids: Array.from(order, (i) => ids[i]!),
    scores: Float32Array.from(order, (i) => scores[i]!),
    sources: Array.from(order, () => 'server'),
    reasons: Array.from(order, (i, position) => {
      const row = rows[i]!
      const asked = row >= 0 && position < Math.min(limit, EXPLAINED)
      const why = asked ? reasons(model, account(model, evidence, row)) : []
      return why.length > 0 ? why : [{ code: 'shop', weight: 1 }]
    }),
  }
}

export function answerRecommend(
  model: Model,
  { evidence, unwanted }: Known,
  { limit, exclude, seeds = [] }: Unnamed<RecommendRequest>,
): RankedItems {
  const rows = rowsOf(model, seeds)
  const about = rows.length > 0 ? gather(model, viewsOf(rows), [], rows.length > 1) : evidence
  return list(model, about, limit, [...seeds, ...exclude, ...unwanted], true)
}

/** Like `id`; nothing where the pack does not know it. */
export function answerSimilar(
  model: Model,
  { unwanted }: Known,
  { id, limit, exclude }: Unnamed<SimilarRequest>,
): RankedItems {
  const about = gather(model, viewsOf(rowsOf(model, [id])))
  const answer = list(model, about, limit, [id, ...exclude, ...unwanted], false)
  answer.sources.fill('similar')
  return answer
}

export function answerExplain(model: Model, { evidence }: Known, id: string): Explanation {
  const { catalog } = model
  const row = catalog.rowOf(id)
  if (row < 0) return { id, known: false, parts: [], because: [] }
  const { parts, because } = account(model, evidence, row)
  return {
    id,
    known: true,
    facts: catalog.facts(row),
    parts,
    because: because.map(({ row, code, share }) => ({ item: catalog.idOf(row), code, share })),
  }
}

/** Retrieves by the evidence; `fill` takes what is still missing from the most popular. */
function list(
  model: Model,
  evidence: Evidence,
  limit: number,
  excluded: string[],
  fill: boolean,
): RankedItems {
  const { catalog } = model
  const taken = new Set(rowsOf(model, excluded))
  const { rows, relevance } = retrieve(model, evidence, limit, taken)
  const accounts = Array.from(rows, (row) => account(model, evidence, row))
  for (const row of rows) taken.add(row)
  const popular = fill ? catalog.popular(limit + taken.size).filter((row) => !taken.has(row)) : []
  const all = [...rows, ...popular].slice(0, limit)
  return {
    by: 'device',
    ids: all.map((row) => catalog.idOf(row)),
    scores: Float32Array.from(all, (_, i) => relevance[i] ?? 0),
    sources: all.map((_, i) => (accounts[i] ? sourceOf(accounts[i]) : 'popular')),
    reasons: all.map((_, i) =>
      accounts[i] ? reasons(model, accounts[i]) : [{ code: 'popular', weight: 1 }],
    ),
  }
}

function rowsOf({ catalog }: Model, ids: readonly string[]): number[] {
  return ids.map((id) => catalog.rowOf(id)).filter((row) => row >= 0)
}
