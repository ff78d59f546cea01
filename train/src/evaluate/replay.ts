/**
 * Replays sessions through the engine itself, event by event, as a browser would: the same scan, encoder and blend, on
 * the pack's integers. Rules, diversity and exploration have no part in it.
 */
import type { Catalog } from '../../../worker/catalog/catalog.js'
import { gather, type Model } from '../../../worker/rank/evidence.js'
import { retrieve } from '../../../worker/rank/retrieve.js'
import type { Step } from '../../../worker/session/encoder.js'
import type { Baseline } from './baseline.js'
import type { Questions } from './questions.js'

export interface ReplayOptions {
  signal?: AbortSignal | undefined
  onProgress?: ((done: number, total: number) => void) | undefined
}

/** Hears of each list: its items, best first, and the row of the item that came next (-1 where the pack lacks it). */
export type OnList = (rows: Uint32Array, target: number) => void

export interface Replayed {
  /** One a question; 0 for a miss. */
  ranks: Uint32Array
  /** Milliseconds of each answer: evidence and retrieval. */
  latency: Float64Array
}

const TURN_MS = 50

/** @param depth length of the lists; what is tied with the last item counts too */
export async function replay(
  model: Model,
  questions: Questions,
  depth: number,
  options: ReplayOptions & { onList?: OnList },
): Promise<Replayed> {
  const { weights } = questions
  const ranks = new Uint32Array(questions.sessionOf.length)
  const latency = new Float64Array(ranks.length)
  const none = new Set<number>()
  let steps: Step[] = []
  await ask(questions, options, (question, event, start) => {
    if (event === start + 1) steps = []
    const latest = questions.rows[event - 1]!
    if (latest >= 0) steps.push({ row: latest, weight: weights[event - 1]! })
    const target = questions.rows[event]!
    const before = performance.now()
    const found = retrieve(model, gather(model, steps), depth, none, true)
    latency[question] = performance.now() - before
    ranks[question] = placeIn(found.rows, found.relevance, target)
    options.onList?.(found.rows.subarray(0, depth), target)
  })
  return { ranks, latency }
}

/** Asks a baseline of the log. @param rowOf the baseline's row of each of the test's items, or -1 */
export async function askBaseline(
  baseline: Baseline,
  questions: Questions,
  rowOf: Int32Array,
  options: ReplayOptions,
): Promise<Uint32Array> {
  const ranks = new Uint32Array(questions.sessionOf.length)
  const rows = Int32Array.from(questions.items, (item) => rowOf[item]!)
  await ask(questions, options, (question, event, start) => {
    ranks[question] = baseline.rank(rows.subarray(start, event), rows[event]!)
  })
  return ranks
}

/** The most popular items, whatever the session. */
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

/** Visits every question, and lets other things happen in between. */
async function ask(
  { offsets, sessionOf }: Questions,
  { signal, onProgress }: ReplayOptions,
  visit: (question: number, event: number, start: number) => void,
): Promise<void> {
  let question = 0
  let turn = performance.now()
  for (let s = 0; s + 1 < offsets.length; s++) {
    for (let event = offsets[s]! + 1; event < offsets[s + 1]!; event++) visit(question++, event, offsets[s]!)
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
