/** From a request of the page, in ids, to an answer in ids: the one place where rows and ids meet in ranking. */
import type {
  Explanation,
  Ranking,
  RankRequest,
  Reason,
  RecommendRequest,
  SimilarRequest,
  Source,
} from '../protocol.js'
import { type Evidence, gather, type Model } from './evidence.js'
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

export function answerRank(
  model: Model,
  { evidence, unwanted }: Known,
  { ids, limit }: RankRequest,
): Ranking {
  const rows = Int32Array.from(firstOccurrences(ids), (id) => (id === '' ? -1 : model.catalog.rowOf(id)))
  const reranked = rerank(model, evidence, rows, limit)
  const isUnwanted = (i: number) => unwanted.has(ids[i]!)
  const order = Uint32Array.of(
    ...reranked.order.filter((i) => !isUnwanted(i)),
    ...reranked.order.filter(isUnwanted),
  )
  return {
    by: 'device',
    order,
    ids: Array.from(order, (i) => ids[i]!),
    scores: Float32Array.from(order, (i) => reranked.scores[i]!),
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
  { limit, exclude, seeds = [] }: RecommendRequest,
): Ranking {
  const rows = rowsOf(model, seeds)
  const about = rows.length > 0 ? gather(model, stepsOf(rows)) : evidence
  return list(model, about, limit, [...rows, ...rowsOf(model, [...exclude, ...unwanted])], true)
}

/** Like `id`; nothing where the pack does not know it. */
export function answerSimilar(
  model: Model,
  { unwanted }: Known,
  { id, limit, exclude }: SimilarRequest,
): Ranking {
  const rows = rowsOf(model, [id])
  const excluded = [...rows, ...rowsOf(model, [...exclude, ...unwanted])]
  const answer = list(model, gather(model, stepsOf(rows)), limit, excluded, false)
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
function list(model: Model, evidence: Evidence, limit: number, excluded: number[], fill: boolean): Ranking {
  const { catalog } = model
  const taken = new Set(excluded)
  const found = retrieve(model, evidence, limit, taken)
  const accounts = Array.from(found.rows, (row) => account(model, evidence, row))
  const rows = [...found.rows]
  const sources: Source[] = accounts.map(sourceOf)
  const why: Reason[][] = accounts.map((of) => reasons(model, of))
  for (const row of rows) taken.add(row)
  for (const row of fill ? catalog.popular(limit + taken.size) : []) {
    if (rows.length >= limit) break
    if (taken.has(row)) continue
    rows.push(row)
    sources.push('popular')
    why.push([{ code: 'popular', weight: 1 }])
  }
  const scores = new Float32Array(rows.length)
  scores.set(found.relevance)
  return { by: 'device', ids: rows.map((row) => catalog.idOf(row)), scores, sources, reasons: why }
}

/** Later repetitions of an id become '': they have no row of their own. */
function firstOccurrences(ids: readonly string[]): string[] {
  const seen = new Set<string>()
  return ids.map((id) => {
    if (seen.has(id)) return ''
    seen.add(id)
    return id
  })
}

function stepsOf(rows: readonly number[]) {
  return rows.map((row) => ({ row, weight: 1 }))
}

function rowsOf({ catalog }: Model, ids: readonly string[]): number[] {
  return ids.map((id) => catalog.rowOf(id)).filter((row) => row >= 0)
}
