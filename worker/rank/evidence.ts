/**
 * What is known of the visitor at this moment, in the form that scoring needs: made once for each event, not for
 * each request. The catalogue scan for the softmax happens here.
 */
import type { Catalog, Neighbours } from '../catalog/catalog.js'
import { exp } from '../compute/exp.js'
import type { Scorer, TopK } from '../compute/scorer.js'
import {
  type Attention,
  type AttentionTensors,
  attend,
  normalise,
  pool,
  type Step,
} from '../session/encoder.js'
import { type Query, quantise } from '../session/query.js'
import { type Blend, type BlendWeights, bucketOf, DEPTH } from './blend.js'

/** Items as if they had just been viewed one after the other. */
export function viewsOf(rows: readonly number[]): Step[] {
  return rows.map((row) => ({ row, weight: 1 }))
}

/** An item of earlier visits and the decayed strength of the interest in it. */
export interface Interest {
  row: number
  strength: number
}

export interface Evidence {
  steps: readonly Step[]
  weights: BlendWeights
  /** How the session's steps share the attention; undefined for an empty session. */
  attention: Attention | undefined
  /** The part of the query vector that comes from earlier visits (Float64Array of dim), where there is one. */
  past: Float64Array | undefined
  /** Undefined when neither the session nor the past has a direction. */
  dense: { vector: Float64Array; query: Query; best: TopK; logSum: number } | undefined
  /** The steps that the tables are asked about, latest first, and how much each counts; shares sum to 1. */
  recent: { row: number; share: number }[]
  /** For each neighbour table the share of each row, summing to at most 1. */
  tables: Map<number, number>[]
  /** For each neighbour table the lists that its shares come from: one for each of the latest steps, latest first. */
  lists: List[][]
  /** Rows of this session to how many distinct items ago they were last seen; 0 is the current one. */
  recency: Map<number, number>
}

/** What one step puts forward. `share`: how much of the table's say is the step's. */
export interface List extends Neighbours {
  step: number
  share: number
}

export interface Model {
  catalog: Catalog
  scorer: Scorer
  encoder: AttentionTensors
  blend: Blend
}

export function gather(model: Model, steps: readonly Step[], interests: readonly Interest[] = []): Evidence {
  const { catalog, encoder, blend } = model
  const weights = blend.buckets[bucketOf(steps.length)]!
  const attention =
    steps.length > 0 ? attend(encoder, steps, (row, out) => catalog.vector(row, out)) : undefined
  const now = attention && pool(attention, catalog.dim)
  let past = direction(catalog, interests)
  let vector = now ?? past
  if (now && past) {
    const share = weights.profile
    const sum = now.map((value, d) => value + share * past![d]!)
    const length = Math.hypot(...sum)
    if (length > 0) {
      vector = sum.map((value) => value / length)
      past = past.map((value) => (value * share) / length)
    }
  }
  const lists = catalog.tables.map((_, table) => listsOf(model, table, steps))
  const evidence: Evidence = {
    steps,
    weights,
    lists,
    tables: lists.map(shares),
    recency: recency(steps),
  }
  if (attention) evidence.attention = attention
  if (past) evidence.past = past
  if (vector) evidence.dense = scan(model, vector)
  return evidence
}

function scan({ catalog, scorer, encoder }: Model, vector: Float64Array): NonNullable<Evidence['dense']> {
  const query = quantise(vector, encoder.scale, catalog.step, catalog.biasStep)
  const best = scorer.topK(query.codes, query.biasMultiplier, DEPTH)
  const highest = best.scores.length > 0 ? best.scores[0]! : 0
  let sum = 0
  for (const score of best.scores) sum += exp((score - highest) * query.perPoint)
  return { vector, query, best, logSum: highest * query.perPoint + Math.log(Math.max(sum, 1e-30)) }
}

function direction(catalog: Catalog, interests: readonly Interest[]): Float64Array | undefined {
  if (interests.length === 0) return undefined
  const sum = new Float64Array(catalog.dim)
  for (const { row, strength } of interests) {
    catalog.vector(row).forEach((value, d) => {
      sum[d] = sum[d]! + strength * value
    })
  }
  return normalise(sum)
}

function listsOf({ catalog, blend }: Model, table: number, steps: readonly Step[]): List[] {
  const lists: List[] = []
  const oldest = Math.max(0, steps.length - blend.tableWindow)
  let total = 0
  for (let step = steps.length - 1, decay = 1; step >= oldest; step--, decay *= blend.tableDecay) {
    const { row, weight } = steps[step]!
    const { rows, weights } = catalog.neighbours(table, row)
    lists.push({ step, share: decay * weight, rows, weights })
    total += decay * weight
  }
  for (const list of lists) list.share /= total
  return lists
}

function recentOf({ tableWindow, tableDecay }: Blend, steps: readonly Step[]): Evidence['recent'] {
  const latest = steps.slice(-tableWindow).reverse()
  const weights = latest.map(({ weight }, age) => weight * tableDecay ** age)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return latest.map(({ row }, age) => ({ row, share: weights[age]! / total }))
}

function shares(catalog: Catalog, table: number, recent: Evidence['recent']): Map<number, number> {
  const found = new Map<number, number>()
  for (const { row, share } of recent) {
    const { rows, weights } = catalog.neighbours(table, row)
    rows.forEach((other, n) => {
      found.set(other, (found.get(other) ?? 0) + share * weights[n]!)
    })
  }
  return found
}

function recency(steps: readonly Step[]): Map<number, number> {
  const rows = new Set(steps.map(({ row }) => row).reverse())
  return new Map([...rows].map((row, k) => [row, k]))
}
