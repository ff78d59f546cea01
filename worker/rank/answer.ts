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

/** Items that the visitor wants to see less of: never recommended, and last of the list in `rank`. */
export type Unwanted = ReadonlySet<string>

export function answerRank(
  model: Model,
  evidence: Evidence,
  { ids, limit }: RankRequest,
  unwanted: Unwanted,
): Ranking {
  const rows = Int32Array.from(firstOccurrences(ids), (id) => (id === '' ? -1 : model.catalog.rowOf(id)))
  const { order, scores } = rerank(model, evidence, rows, limit)
  const places = unwanted.size > 0 ? demote(order, ids, unwanted) : order
  const scoreAt = new Float32Array(ids.length)
  order.forEach((i, position) => {
    scoreAt[i] = scores[position]!
  })
  return {
    by: 'device',
    order: places,
    ids: Array.from(places, (i) => ids[i]!),
    scores: Float32Array.from(places, (i) => scoreAt[i]!),
    sources: Array.from(places, () => 'server'),
    reasons: Array.from(places, (i, position) => {
      const row = rows[i]!
      const known = row >= 0 && position < Math.min(limit, EXPLAINED)
      const why = known ? reasons(model, account(model, evidence, row)) : []
      return why.length > 0 ? why : [{ code: 'shop', weight: 1 }]
    }),
  }
}

export function answerRecommend(
  model: Model,
  evidence: Evidence,
  { limit, exclude, seeds }: RecommendRequest,
  unwanted: Unwanted,
): Ranking {
  const about = seeds ? gather(model, stepsOf(model, seeds)) : evidence
  const excluded = rowsOf(model, [...exclude, ...(seeds ?? []), ...unwanted])
  return list(model, about, limit, excluded)
}

export function answerSimilar(
  model: Model,
  { id, limit, exclude }: SimilarRequest,
  unwanted: Unwanted,
): Ranking | undefined {
  const row = model.catalog.rowOf(id)
  if (row < 0) return undefined
  const answer = list(
    model,
    gather(model, [{ row, weight: 1 }]),
    limit,
    rowsOf(model, [id, ...exclude, ...unwanted]),
    false,
  )
  answer.sources.fill('similar')
  return answer
}

export function answerExplain(model: Model, evidence: Evidence, id: string): Explanation {
  const row = model.catalog.rowOf(id)
  if (row < 0) return { id, known: false, parts: [], because: [] }
  const { parts, because } = account(model, evidence, row)
  return {
    id,
    known: true,
    facts: model.catalog.facts(row),
    parts,
    because: because.map(({ row: own, code, share }) => ({ item: model.catalog.idOf(own), code, share })),
  }
}

/** Retrieves by the evidence; what is still missing comes from the most popular. */
function list(model: Model, evidence: Evidence, limit: number, excluded: Set<number>, fill = true): Ranking {
  const { catalog } = model
  const found = retrieve(model, evidence, limit, excluded)
  const rows = Array.from(found.rows)
  const accounts = rows.map((row) => account(model, evidence, row))
  const sources: Source[] = accounts.map(sourceOf)
  const why: Reason[][] = accounts.map((a) => reasons(model, a))
  if (fill && rows.length < limit) {
    const taken = new Set([...excluded, ...rows])
    for (const row of catalog.popular(limit + taken.size)) {
      if (rows.length === limit) break
      if (taken.has(row)) continue
      rows.push(row)
      sources.push('popular')
      why.push([{ code: 'popular', weight: 1 }])
    }
  }
  const scores = new Float32Array(rows.length)
  scores.set(found.relevance)
  return {
    by: 'device',
    ids: rows.map((row) => catalog.idOf(row)),
    scores,
    sources,
    reasons: why,
  }
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

/** Moves unwanted items behind all others, which keep their order. */
function demote(order: Uint32Array, ids: readonly string[], unwanted: Unwanted): Uint32Array {
  const isUnwanted = (i: number) => unwanted.has(ids[i]!)
  return Uint32Array.from([
    ...Array.from(order).filter((i) => !isUnwanted(i)),
    ...Array.from(order).filter(isUnwanted),
  ])
}

function stepsOf({ catalog }: Model, ids: readonly string[]) {
  return ids.map((id) => ({ row: catalog.rowOf(id), weight: 1 })).filter(({ row }) => row >= 0)
}

function rowsOf({ catalog }: Model, ids: readonly string[]): Set<number> {
  const rows = new Set<number>()
  for (const id of ids) {
    const row = catalog.rowOf(id)
    if (row >= 0) rows.add(row)
  }
  return rows
}
