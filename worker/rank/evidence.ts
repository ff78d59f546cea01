/**
 * What is known of the visitor at this moment, in the form that scoring needs: made once for each event, not for
 * each request. The catalogue scan for the softmax happens here.
 */
import type { Catalog } from '../catalog/catalog.js'
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

/** An item of earlier visits and the decayed strength of the interest in it. */
export interface Interest {
  row: number
  strength: number
}

export interface Evidence {
  steps: readonly Step[]
  weights: BlendWeights
  /** How the session's steps share the attention; absent for an empty session. */
  attention?: Attention
  /** The part of the query vector that comes from earlier visits (Float64Array of dim), where there is one. */
  past?: Float64Array
  /** Absent when neither the session nor the past has a direction. */
  dense?: { vector: Float64Array; query: Query; best: TopK; logSum: number }
  /** For each neighbour table the share of each row, summing to at most 1. */
  tables: Map<number, number>[]
  /** Rows of this session to how many distinct items ago they were last seen; 0 is the current one. */
  recency: Map<number, number>
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
  const evidence: Evidence = {
    steps,
    weights,
    tables: catalog.tables.map((_, table) => shares(model, table, steps)),
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
  const vector = new Float32Array(catalog.dim)
  for (const { row, strength } of interests) {
    catalog.vector(row, vector)
    for (let d = 0; d < sum.length; d++) sum[d] = sum[d]! + strength * vector[d]!
  }
  return normalise(sum)
}

function shares({ catalog, blend }: Model, table: number, steps: readonly Step[]): Map<number, number> {
  const found = new Map<number, number>()
  const oldest = Math.max(0, steps.length - blend.tableWindow)
  let total = 0
  for (let j = steps.length - 1, decay = 1; j >= oldest; j--, decay *= blend.tableDecay) {
    total += decay * steps[j]!.weight
  }
  for (let j = steps.length - 1, decay = 1; j >= oldest; j--, decay *= blend.tableDecay) {
    const { row, weight } = steps[j]!
    const share = (decay * weight) / total
    const { rows, weights } = catalog.neighbours(table, row)
    for (let n = 0; n < rows.length; n++) {
      found.set(rows[n]!, (found.get(rows[n]!) ?? 0) + share * weights[n]!)
    }
  }
  return found
}

function recency(steps: readonly Step[]): Map<number, number> {
  const seen = new Map<number, number>()
  for (let j = steps.length - 1; j >= 0; j--) {
    const { row } = steps[j]!
    if (!seen.has(row)) seen.set(row, seen.size)
  }
  return seen
}
