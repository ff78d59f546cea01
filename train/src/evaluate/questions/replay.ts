/**
 * Replays sessions through the engine itself, event by event, as a browser would: the same scan, encoder and blend,
 * on the pack's integers. Rules, diversity and exploration are not applied.
 */
import type { Catalog } from '../../../../worker/catalog/catalog.js'
import { bucketOf } from '../../../../worker/rank/blend.js'
import { type Evidence, gather, type Interest, type ServingModel } from '../../../../worker/rank/evidence.js'
import { retrieve } from '../../../../worker/rank/retrieve.js'
import type { Step } from '../../../../worker/session/encoder.js'
import type { Baseline } from './baseline.js'
import type { Questions } from './questions.js'

export interface ReplayOptions {
  signal?: AbortSignal | undefined
  onProgress?: ((done: number, total: number) => void) | undefined
}

/**
 * Called for each list with its items, best first, the row of the item that came next (-1 if the pack lacks it), and the
 * visit so far.
 */
export type OnList = (rows: Uint32Array, target: number, steps: readonly Step[]) => void

export interface Replayed {
  /** One per question; 0 for a miss. */
  ranks: Uint32Array
  /** The same for each of the other blends. */
  others: Uint32Array[]
  /** Milliseconds of each answer: evidence and retrieval. */
  latency: Float64Array
}

/** Optional parts of a replay. */
export interface ReplayWith {
  onList?: OnList
  /** The same model with other blends, which answer the same questions. */
  others?: readonly ServingModel[]
  /** What earlier visits left behind, by session of the test log. */
  past?: ReadonlyMap<number, readonly Interest[]> | undefined
}

const TURN_MS = 50

/** @param depth length of the lists; items that are tied with the last one are included */
export async function replay(
  model: ServingModel,
  questions: Questions,
  depth: number,
  { others = [], onList, past, ...options }: ReplayOptions & ReplayWith,
): Promise<Replayed> {
  const { weights, sessionOf, sessions } = questions
  const ranks = new Uint32Array(questions.sessionOf.length)
  const theirs = others.map(() => new Uint32Array(ranks.length))
  const latency = new Float64Array(ranks.length)
  const none = new Set<number>()
  let steps: Step[] = []
  await ask(questions, options, (question, event, start) => {
    if (event === start + 1) steps = []
    const latest = questions.rows[event - 1]!
    if (latest >= 0) steps.push({ row: latest, weight: weights[event - 1]! })
    const target = questions.rows[event]!
    const before = performance.now()
    const evidence = gather(model, steps, past?.get(sessions[sessionOf[question]!]!))
    const found = retrieve(model, evidence, depth, none, true)
    latency[question] = performance.now() - before
    ranks[question] = placeIn(found.rows, found.relevance, target)
    onList?.(found.rows.subarray(0, depth), target, steps)
    for (const [i, other] of others.entries()) {
      const { rows, relevance } = retrieve(other, weighed(other, evidence), depth, none, true)
      theirs[i]![question] = placeIn(rows, relevance, target)
    }
  })
  return { ranks, others: theirs, latency }
}

/**
 * Another blend of the same model uses the same evidence with other weights, so nothing is encoded or scanned again.
 */
function weighed({ blend }: ServingModel, evidence: Evidence): Evidence {
  const { steps } = evidence
  const weights = steps.length > 0 ? blend.buckets[bucketOf(steps.length)]! : evidence.weights
  return { ...evidence, weights, dense: weights.dense === 0 ? undefined : evidence.dense }
}

/** Asks a baseline about the questions. @param rowOf the baseline's row of each of the test's items, or -1 */
export async function askBaseline(
  baseline: Baseline,
  questions: Questions,
  rowOf: Int32Array,
  options: ReplayOptions,
): Promise<Uint32Array> {
  const ranks = new Uint32Array(questions.sessionOf.length)
  const rows = Int32Array.from(questions.items, (item) => rowOf[item]!)
  await ask(questions, options, (question, event, start, end) => {
    if (!baseline.rankSession) ranks[question] = baseline.rank(rows.subarray(start, event), rows[event]!)
    else if (event === start + 1) ranks.set(baseline.rankSession(rows.subarray(start, end)), question)
  })
  return ranks
}

/** Ranks by popularity, independent of the session. */
export function askPopularity(catalog: Catalog, { offsets, rows }: Questions): Uint32Array {
  const counts = Float64Array.from({ length: catalog.size }, (_, row) => catalog.popularity(row)).sort()
  const ranks: number[] = []
  for (let s = 0; s + 1 < offsets.length; s++) {
    for (let event = offsets[s]! + 1; event < offsets[s + 1]!; event++) {
      const own = rows[event]! < 0 ? 0 : catalog.popularity(rows[event]!)
      ranks.push(own > 0 ? counts.length - firstAtLeast(counts, own) : 0)
    }
  }
  return Uint32Array.from(ranks)
}

/** Visits every question, and regularly returns to the event loop. */
async function ask(
  { offsets, sessionOf }: Questions,
  { signal, onProgress }: ReplayOptions,
  visit: (question: number, event: number, start: number, end: number) => void,
): Promise<void> {
  let question = 0
  let turn = performance.now()
  for (let s = 0; s + 1 < offsets.length; s++) {
    const [start, end] = [offsets[s]!, offsets[s + 1]!]
    for (let event = start + 1; event < end; event++) visit(question++, event, start, end)
    if (performance.now() - turn > TURN_MS) {
      await new Promise(setImmediate)
      signal?.throwIfAborted()
      onProgress?.(question, sessionOf.length)
      turn = performance.now()
    }
  }
}

function placeIn(rows: Uint32Array, scores: Float64Array, target: number): number {
  const at = target < 0 ? -1 : rows.indexOf(target)
  if (at < 0) return 0
  let place = at + 1
  while (place < scores.length && scores[place] === scores[at]) place++
  return place
}

/** Index of the first of the ascending values that is at least `value`. */
function firstAtLeast(values: Float64Array, value: number): number {
  let low = 0
  let high = values.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (values[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}
