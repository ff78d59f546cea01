/**
 * Fits the blend for items without an order (`Blend.even`): baskets, and interests from earlier visits. What matters
 * is which items are among the first twenty, and there are few parameters. So the fit moves one parameter at a time
 * up or down, as long as held-out questions are answered better. Everything that does not depend on the parameters is
 * computed once.
 */
import type { EvenWeights } from '../../../../worker/rank/blend.js'
import {
  type Evidence,
  gather,
  type Interest,
  type ServingModel,
  viewsOf,
} from '../../../../worker/rank/evidence.js'
import { denseLogits } from '../../../../worker/rank/relevance.js'
import { Breath } from '../../running/breath.js'
import type { SetQuestion, VisitQuestion } from '../log/sets.js'

/** Fewer questions than this are too few to fit anything. */
const FEWEST = 50
/** A right answer at this rank counts half. */
const HALFWAY = 20
/** Factors that exponents and weights are multiplied by, coarse to fine. */
const MOVES = [
  { exponent: 1.5, weight: 4 },
  { exponent: 1.2, weight: 2 },
]
const ROUNDS = 3

/** The weights before anything is fitted. Tables count more than the vectors, and a repeated purchase is likely. */
function initialWeights(tables: number, server: number): EvenWeights {
  return {
    dense: 1,
    denseExponent: 0.8,
    table: new Array<number>(tables).fill(4),
    tableExponent: new Array<number>(tables).fill(1.3),
    profile: 0,
    server,
    again: 30,
    againExponent: 1,
  }
}

export interface EvenFit {
  even: [returning: EvenWeights, set: EvenWeights]
  /** How well each kind of question is answered, to compare models; 0 if there are too few questions. */
  quality: [returning: number, set: number]
}

export async function fitEven(
  model: ServingModel,
  { sets, returns }: { sets: readonly SetQuestion[]; returns: readonly VisitQuestion[] },
  start = model.blend.even,
  signal?: AbortSignal,
): Promise<EvenFit> {
  const { server } = model.blend.buckets[0]!
  const initial = initialWeights(model.catalog.tables.length, server)
  const even: EvenFit['even'] = start ?? [initial, initial]
  const served: ServingModel = { ...model, blend: { ...model.blend, even } }
  const breath = new Breath(signal)

  const returning: Asked[] = []
  for (const { interests, wanted } of returns) {
    returning.push(asked(served, gather(served, [], interests), wanted, interests))
    if (breath.due()) await breath.take()
  }
  const baskets: Asked[] = []
  for (const { given, wanted } of sets) {
    // A single item is not a basket: the engine ranks it like any session.
    if (given.length < 2) continue
    baskets.push(asked(served, gather(served, viewsOf(given), [], true), wanted, [], new Set(given)))
    if (breath.due()) await breath.take()
  }
  const first = await climb(returning, even[0], breath)
  const second = await climb(baskets, even[1], breath)
  return { even: [first.weights, second.weights], quality: [first.quality, second.quality] }
}

/** A question with what each part of the blend says about its candidates. */
interface Asked {
  /** ln p of the vectors for each candidate; -Infinity where p is 0. */
  dense: Float64Array
  /** One for each table. */
  votes: Votes[]
  /** Strength of the interest in each candidate; 0 for none. */
  strength: Float64Array
  /** The right candidates, and how many right items there are in all. Some may not be candidates. */
  right: number[]
  wanted: number
}

/** What a table says: vote v is given by one item of the question to one of its neighbours, which is a candidate. */
interface Votes {
  candidate: Uint32Array
  /** Share of the voting item in the question. */
  share: Float64Array
  /** Share of the candidate among the neighbours of the voting item. */
  part: Float64Array
  /** Cache: sums by candidate for the latest exponents. Most moves do not change a table's exponent. */
  sums: { exponent: number; of: Float64Array }[]
}

/** How many sums a table caches: one for the current exponent, one above it and one below it. */
const REMEMBERED = 3

function asked(
  model: ServingModel,
  evidence: Evidence,
  wanted: readonly number[],
  interests: readonly Interest[],
  taken: ReadonlySet<number> = new Set(),
): Asked {
  const found = new Set<number>(evidence.dense?.best.rows)
  for (const table of evidence.tables) for (const row of table.keys()) found.add(row)
  for (const { row } of interests) found.add(row)
  for (const row of taken) found.delete(row)
  const rows = Uint32Array.from(found)
  const place = new Map(Array.from(rows, (row, i) => [row, i]))
  const strength = new Float64Array(rows.length)
  for (const interest of interests) strength[place.get(interest.row)!] = interest.strength
  const votes = model.catalog.tables.map((_, t) => {
    const all = evidence.recent.flatMap(({ share, lists }) => {
      const { rows, weights } = lists[t]!
      return Array.from(rows, (row, n) => ({ row, share, part: weights[n]! })).filter(({ row }) =>
        place.has(row),
      )
    })
    return {
      candidate: Uint32Array.from(all, ({ row }) => place.get(row)!),
      share: Float64Array.from(all, ({ share }) => share),
      part: Float64Array.from(all, ({ part }) => part),
      sums: [],
    }
  })
  return {
    dense: denseLogits(model, evidence, rows),
    votes,
    strength,
    right: wanted.flatMap((row) => place.get(row) ?? []),
    wanted: wanted.length,
  }
}

/** Moves each parameter as long as the questions are answered better. */
async function climb(
  questions: readonly Asked[],
  start: EvenWeights,
  breath: Breath,
): Promise<{ weights: EvenWeights; quality: number }> {
  if (questions.length < FEWEST) return { weights: start, quality: 0 }
  const judge = async (weights: EvenWeights) => {
    let sum = 0
    for (const question of questions) {
      sum += answered(question, weights)
      if (breath.due()) await breath.take()
    }
    return sum / questions.length
  }
  let weights = start
  let quality = await judge(weights)
  for (const { exponent, weight } of MOVES) {
    for (let round = 0; round < ROUNDS; round++) {
      const before = quality
      for (const move of movesOf(weights, exponent, weight)) {
        const moved = move(weights)
        const reached = await judge(moved)
        if (reached > quality) [weights, quality] = [moved, reached]
      }
      if (quality === before) break
    }
  }
  return { weights, quality }
}

type Move = (weights: EvenWeights) => EvenWeights

/** A move up and a move down for each parameter. The weight of the vectors stays 1, because only ratios matter. */
function movesOf({ table }: EvenWeights, exponent: number, weight: number): Move[] {
  const both = (by: number, move: (weights: EvenWeights, by: number) => EvenWeights): Move[] => [
    (weights) => move(weights, by),
    (weights) => move(weights, 1 / by),
  ]
  const at = (list: readonly number[], t: number, by: number) =>
    list.map((value, i) => (i === t ? value * by : value))
  return [
    ...both(exponent, (w, by) => ({ ...w, denseExponent: w.denseExponent * by })),
    ...both(weight, (w, by) => ({ ...w, again: w.again * by })),
    ...both(exponent, (w, by) => ({ ...w, againExponent: w.againExponent * by })),
    ...table.flatMap((_, t) => [
      ...both(weight, (w, by) => ({ ...w, table: at(w.table, t, by) })),
      ...both(exponent, (w, by) => ({ ...w, tableExponent: at(w.tableExponent, t, by) })),
    ]),
  ]
}

/**
 * How well a question is answered. Each right item counts less the further down it stands. The sum is divided by the
 * square root of `wanted`, a compromise between the number of right items found and their share.
 */
function answered({ dense, votes, strength, right, wanted }: Asked, weights: EvenWeights): number {
  const relevance = dense.map((log) => (log === -Infinity ? 0 : Math.exp(weights.denseExponent * log)))
  votes.forEach((table, t) => {
    const weight = weights.table[t]!
    const sums = sumsOf(table, weights.tableExponent[t]!, relevance.length)
    for (let i = 0; i < sums.length; i++) relevance[i]! += weight * sums[i]!
  })
  for (let i = 0; i < strength.length; i++) {
    if (strength[i]! > 0) relevance[i]! *= 1 + weights.again * strength[i]! ** weights.againExponent
  }
  let sum = 0
  for (const target of right) {
    const own = relevance[target]!
    let rank = 0
    for (const other of relevance) if (other >= own) rank++
    sum += 1 / (1 + (rank / HALFWAY) ** 2)
  }
  return sum / Math.sqrt(wanted)
}

/** For each candidate, the sum of share * part^exponent over its votes. */
function sumsOf({ candidate, share, part, sums }: Votes, exponent: number, candidates: number): Float64Array {
  const known = sums.find((sum) => sum.exponent === exponent)
  if (known) return known.of
  const of = new Float64Array(candidates)
  for (let v = 0; v < candidate.length; v++) of[candidate[v]!]! += share[v]! * part[v]! ** exponent
  sums.push({ exponent, of })
  if (sums.length > REMEMBERED) sums.shift()
  return of
}
