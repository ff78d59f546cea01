/**
 * What is known of the visitor at this moment, in the form that scoring needs. It is made once for each event, not for
 * each request, because the scan of the whole catalogue happens here.
 */
import type { Catalog, Neighbours } from '../catalog/catalog.js'
import { exp } from '../compute/exp.js'
import { EXCLUDED, type Scorer, type TopK } from '../compute/scorer.js'
import { direction, dot } from '../compute/vector.js'
import type { RankingSettings } from '../protocol.js'
import { type Encoded, type EncoderTensors, encode, type Step } from '../session/encoder.js'
import { type Query, quantise } from '../session/query.js'
import { type Blend, type BlendWeights, bucketOf, DEPTH, power } from './blend.js'
import { repeatsOf, repeatTerm } from './repeats.js'

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
  /** Items of earlier visits, the strongest first. */
  interests: readonly Interest[]
  weights: BlendWeights
  /** What the encoder made of the session. */
  session: Encoded
  /** The part of the query vector that comes from earlier visits (Float64Array of dim), where there is one. */
  past: Float64Array | undefined
  /** Undefined when neither the session nor the past has a direction. */
  dense: { vector: Float64Array; query: Query; best: TopK; logSum: number } | undefined
  /** The steps whose neighbours are looked up in the tables, latest first. */
  recent: Asked[]
  /** For each neighbour table the share of each row, summing to at most 1. */
  tables: Map<number, number>[]
  /** The factor of each row that the visitor has seen: first rows of this session, latest first, then of earlier visits. */
  repeats: Map<number, number>
  /** The evidence without what was done with an item. */
  without(row: number): Evidence
}

/** A step and its neighbours. */
interface Asked {
  row: number
  /** How much the step counts among all; the shares sum to 1. */
  share: number
  /** The row's neighbours in each table. */
  lists: Neighbours[]
}

export interface ServingModel {
  catalog: Catalog
  scorer: Scorer
  encoder: EncoderTensors
  blend: Blend
  /** The weights of the second stage, by feature; absent where it does not pay. */
  stage?: Float32Array | undefined
  /** How much more the same category counts in `similar`, as a logarithm; absent where that does not pay. */
  similar?: number | undefined
  /** How lists are made, as the pack says. */
  settings?: RankingSettings | undefined
  /** Strengths of signals that the pack says, unchecked. */
  strengths?: Readonly<Record<string, number>> | undefined
  /** The strength that `variety: true` means in this shop; absent where training could not find out. */
  variety?: number | undefined
}

/**
 * How much what the visitor says they prefer turns the vector of a running visit, divided by the number of its steps: what they
 * look at tells more (docs/ranking.md). Before the first look it counts like an interest.
 */
const SAID = 0.3

/**
 * @param set true when the order of the steps means nothing, as in a basket
 * @param preferred what the visitor says they like. They have not looked at these items, so the items are not repeats
 */
export function gather(
  model: ServingModel,
  steps: readonly Step[],
  interests: readonly Interest[] = [],
  set = false,
  preferred: readonly Interest[] = [],
): Evidence {
  const { catalog, encoder, blend } = model
  const even = set || steps.length === 0 ? blend.even?.[set ? 1 : 0] : undefined
  const weights = even
    ? { ...even, tableExponent: even.table.map(() => 1) }
    : blend.buckets[bucketOf(steps.length)]!
  const session = even && set ? average(catalog, steps) : encode(encoder, steps, catalog.vector)
  const now = session.vector
  // A row that no scan returns has no vector of its own.
  const liked = preferred.filter(({ row }) => catalog.bias[row] !== EXCLUDED)
  const likes = [...interests, ...liked]
  let past = towards(catalog, now ? interests : likes)
  let vector = now ?? past
  const said = now && towards(catalog, liked)
  if (now && (past || said)) {
    const share = SAID / steps.length
    const added = now.map((_, d) => weights.profile * (past?.[d] ?? 0) + share * (said?.[d] ?? 0))
    const sum = now.map((value, d) => value + added[d]!)
    const length = Math.sqrt(dot(sum, sum))
    if (length > 0) {
      vector = sum.map((value) => value / length)
      past = added.map((value) => value / length)
    }
  }
  const recent = !even
    ? recentOf(model, steps.slice(-blend.tableWindow), blend.tableDecay)
    : recentOf(model, set ? steps : likes.map(({ row, strength }) => ({ row, weight: strength })), 1)
  const repeats = new Map<number, number>()
  if (!even) for (const [row, repeat] of repeatsOf(steps)) repeats.set(row, exp(repeatTerm(blend, repeat)))
  const { again } = weights
  const exponent = (even ?? blend.even?.[0])?.againExponent ?? 1
  // An item of this visit has its factor already, which tells more.
  for (const { row, strength } of again > 0 ? interests : [])
    if (!repeats.has(row)) repeats.set(row, 1 + again * power(strength, exponent))
  return {
    steps,
    interests,
    weights,
    session,
    past,
    dense: vector && scan(model, vector),
    recent,
    tables: catalog.tables.map((_, table) => shares(recent, table, even?.tableExponent[table] ?? 1)),
    repeats,
    without(row) {
      const others = <T extends { row: number }>(list: readonly T[]) => list.filter((one) => one.row !== row)
      return gather(model, others(steps), others(interests), set, others(preferred))
    },
  }
}

/** The direction of interests, Float64Array of dim, where they have one. */
function towards({ dim, vector }: Catalog, interests: readonly Interest[]): Float64Array | undefined {
  return direction(
    dim,
    interests.map(({ row }) => vector(row)),
    interests.map(({ strength }) => strength),
  )
}

function scan(
  { catalog, scorer, encoder }: ServingModel,
  vector: Float64Array,
): NonNullable<Evidence['dense']> {
  const query = quantise(vector, encoder.scale, catalog.step, catalog.biasStep)
  const best = scorer.topK(query.codes, query.biasMultiplier, DEPTH)
  const highest = best.scores.length > 0 ? best.scores[0]! : 0
  let sum = 0
  for (const score of best.scores) sum += exp((score - highest) * query.perPoint)
  return { vector, query, best, logSum: highest * query.perPoint + Math.log(Math.max(sum, 1e-30)) }
}

/** The reading of a set, in the encoder's form: all of its steps count alike. */
function average({ dim, vector }: Catalog, steps: readonly Step[]): Encoded {
  const vectors = steps.map(({ row }) => vector(row))
  const weights = steps.map(() => 1)
  return { steps, vectors, weights, vector: direction(dim, vectors, weights) }
}

function recentOf({ catalog }: ServingModel, steps: readonly Step[], decay: number): Asked[] {
  const latest = [...steps].reverse()
  const weights = latest.map(({ weight }, age) => weight * decay ** age)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return latest.map(({ row }, age) => ({
    row,
    share: weights[age]! / total,
    lists: catalog.tables.map((_, table) => catalog.neighbours(table, row)),
  }))
}

function shares(recent: Asked[], table: number, exponent: number): Map<number, number> {
  const found = new Map<number, number>()
  for (const { share, lists } of recent) {
    const { rows, weights } = lists[table]!
    rows.forEach((row, n) => {
      found.set(row, (found.get(row) ?? 0) + share * power(weights[n]!, exponent))
    })
  }
  return found
}
