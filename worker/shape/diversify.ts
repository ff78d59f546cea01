/**
 * Step: variety. The best items of a list are often alike, and alike for many visitors. The later a position, the more it
 * counts that its item differs from those above it, that few people know it, and that another visitor would see another one:
 *
 *     value(i) = share_i - w * (20 * alike_i + ln(1 + popularity_i) - draw_i),   w = strength / 500 * (place / last)^3
 *
 * The positions are filled one after the other with the item of the highest value. `share` is the relevance as a part of the
 * whole: it stands for how probable the item is. Improbable items cost almost the same, however improbable they are, so among
 * them the one wins that differs most. What `alike` means is the method's:
 * - `mmr`: the mean similarity to the items above (after maximal marginal relevance, Carbonell and Goldstein 1998);
 * - `dpp`: -ln(d^2) / 2, where d^2 is what the items above leave of the item's direction: the greedy way to the most probable
 *   set of a determinantal point process (Chen, Zhang and Zhou 2018).
 *
 * Similarity is the mean of the cosine of the vectors and of the equality in each of the given attributes. `draw` is a Gumbel
 * variate of visitor, visit and item, so that the same visit gets the same list. The first item stays as it was.
 */
import type { Variety } from '../protocol.js'
import { attributeOf, type Candidates, type RankContext, type Step } from '../rank/candidates.js'
import type { ServingModel } from '../rank/evidence.js'
import { spreadOf } from './calibrate.js'
import { gumbel, seeded } from './draw.js'
import { movable, reordered } from './positions.js'

const FULL = 1 / 500
const ALIKE = 20
/** How much the visitor's own spread counts, in all positions. */
const CALIBRATED = 0.02
/** What `variety: true` means where training could not find out; docs/ranking.md. */
const USUAL = 0.25

/** What `variety: true` means in this shop. */
export function usualStrength({ variety = USUAL }: Pick<ServingModel, 'variety'>): number {
  return variety
}

/** So many positions are filled with variety, and so many candidates are considered. */
const MOST_POSITIONS = 50
const MOST_CANDIDATES = 128
/** What is left of an item whose like is in the list already. */
const LEAST_LEFT = 1e-4

export const diversify: Step = (list, context) => {
  const variety = varietyOf(context)
  if (!variety || !(variety.strength > 0)) return list
  const { limit } = context
  const places = movable(list, context)
  const wanted = Math.min(places.filter((place) => place < limit).length, MOST_POSITIONS)
  const pool = places.slice(0, MOST_CANDIDATES)
  if (wanted < 2 || pool.length <= 2) return list
  return reordered(list, places, chosen(list, context, pool, wanted, variety))
}

type Complete = Variety & { strength: number }

function varietyOf({ model, settings: { variety } }: RankContext): Complete | undefined {
  if (!variety) return undefined
  const strength = usualStrength(model)
  if (variety === true) return { strength }
  if (typeof variety === 'number') return { strength: variety }
  return { strength, ...variety }
}

/** The places of the `wanted` items that are chosen, in the order of the choice. */
function chosen(
  list: Candidates,
  context: RankContext,
  pool: readonly number[],
  wanted: number,
  { strength, method, calibrate = 0, ...rest }: Complete,
): number[] {
  const { catalog } = context.model
  const { length } = pool
  const share = sharesOf(relevances(list, context, pool))
  const alike = new Float64Array(length)
  const note = (method === 'dpp' ? volume : nearness)(
    similarities(list, context, pool, rest.attributes),
    alike,
    wanted,
  )
  const random = seeded([context.events[0]?.id, ...context.evidence.steps.map(({ row }) => row)].join())
  const against = pool.map((place) => {
    const row = list.rows[place]!
    const draw = gumbel(random(row + 1))
    return Math.log(1 + (row < 0 ? 0 : catalog.popularity(row))) - draw
  })
  const spread = calibrate > 0 ? spreadOf(list, context, pool, rest.attributes?.[0] ?? 'category') : undefined
  const taken = new Uint8Array(length)
  const picks: number[] = []
  for (let position = 0; position < wanted; position++) {
    const weight = FULL * strength * (position / (wanted - 1)) ** 3
    let best = -1
    let highest = -Infinity
    for (let i = 0; i < length; i++) {
      if (taken[i]) continue
      const value =
        share[i]! -
        weight * (ALIKE * alike[i]! + against[i]!) +
        (spread ? CALIBRATED * calibrate * spread.gain(i) : 0)
      if (value > highest) {
        highest = value
        best = i
      }
    }
    if (best < 0) break
    taken[best] = 1
    picks.push(pool[best]!)
    note(best)
    spread?.add(best)
  }
  return picks
}

/** Logarithms of the relevance. Those of `rank` are logarithms already. */
export function relevances(
  { score }: Candidates,
  { ids }: Pick<RankContext, 'ids'>,
  pool: readonly number[],
): Float64Array {
  return Float64Array.from(pool, (place) => (ids.length > 0 ? score[place]! : Math.log(score[place]!)))
}

/** The parts of the whole that they stand for. */
function sharesOf(logarithms: Float64Array): Float64Array {
  const highest = logarithms.reduce((a, b) => Math.max(a, b))
  const parts = logarithms.map((value) => Math.exp(value - highest))
  const sum = parts.reduce((a, b) => a + b)
  return parts.map((value) => value / sum)
}

/** How alike the i-th and the j-th of the pool are. */
type Similarity = (i: number, j: number) => number

function similarities(
  list: Candidates,
  context: RankContext,
  pool: readonly number[],
  attributes: readonly string[] = [],
): Similarity {
  const { codes, dim } = context.model.catalog
  const vectors = new Float32Array(pool.length * dim)
  pool.forEach((place, i) => {
    const row = list.rows[place]!
    if (row < 0) return
    let square = 0
    for (let d = 0; d < dim; d++) square += codes[row * dim + d]! ** 2
    const inverse = square > 0 ? 1 / Math.sqrt(square) : 0
    for (let d = 0; d < dim; d++) vectors[i * dim + d] = codes[row * dim + d]! * inverse
  })
  const columns = attributes.map((name) =>
    pool.map((place, i) => String(attributeOf(context, list, place, name) ?? `nothing ${i}`)),
  )
  return (i, j) => {
    let sum = 0
    for (let d = 0, a = i * dim, b = j * dim; d < dim; d++) sum += vectors[a + d]! * vectors[b + d]!
    for (const column of columns) if (column[i] === column[j]) sum++
    return sum / (1 + columns.length)
  }
}

/** Writes into `alike` after each pick. */
type Note = (pick: number) => void
type Method = (similarity: Similarity, alike: Float64Array, wanted: number) => Note

const nearness: Method = (similarity, alike) => {
  let picked = 0
  return (pick) => {
    picked++
    for (let i = 0; i < alike.length; i++) alike[i]! += (similarity(pick, i) - alike[i]!) / picked
  }
}

const volume: Method = (similarity, alike, wanted) => {
  const { length } = alike
  /** Row by row the Cholesky factor of the picks, a column for each candidate. */
  const factor = new Float64Array(length * wanted)
  const left = new Float64Array(length).fill(1)
  let picked = 0
  return (pick) => {
    const root = Math.sqrt(left[pick]!)
    for (let i = 0; i < length; i++) {
      let shared = similarity(pick, i)
      for (let k = 0; k < picked; k++) shared -= factor[k * length + pick]! * factor[k * length + i]!
      const own = shared / root
      factor[picked * length + i] = own
      left[i] = Math.max(LEAST_LEFT, left[i]! - own * own)
      alike[i] = -Math.log(left[i]!) / 2
    }
    picked++
  }
}
