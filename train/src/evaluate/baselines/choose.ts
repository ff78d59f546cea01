/**
 * How a baseline gets its parameters: the training log is cut by time, each setting is tried on the first part, and the
 * one that predicts the last part best is taken to the whole. The test log has no say in it.
 */
import type { Interactions } from '../../data/interactions.js'
import { accuracy } from '../figures/metrics.js'
import type { Baseline } from '../questions/baseline.js'
import { type Questions, questionsOf } from '../questions/questions.js'
import { askBaseline, type ReplayOptions } from '../questions/replay.js'

/** Share of the sessions, the latest, that is held out, and how many of them are asked at most. */
const HELD_OUT = 0.1
const ASKED = 1000
const K = 20
const SEED = 1

export interface Cut {
  fit: Interactions
  /** Asks for items by the log's own rows. */
  asked: Questions
}

export function cutOf(log: Interactions): Cut {
  const sessions = log.offsets.length - 1
  const at = Math.floor(sessions * (1 - HELD_OUT))
  const held = sessionsOf(log, at, sessions)
  return { fit: sessionsOf(log, 0, at), asked: questionsOf(held, () => -1, ASKED, SEED) }
}

/** Asks a baseline that was made of the cut's `fit` what comes next in its `asked`. */
export function askCut(
  baseline: Baseline,
  { fit, asked }: Cut,
  options: ReplayOptions,
): Promise<Uint32Array> {
  return askBaseline(
    baseline,
    asked,
    Int32Array.from(fit.ids, (_, row) => row),
    options,
  )
}

/** The first of the candidates that has the highest sum of recall and MRR at 20 on the cut. */
export async function best<T>(
  candidates: readonly T[],
  build: (candidate: T) => Baseline | Promise<Baseline>,
  cut: Cut,
  { signal, onProgress }: ReplayOptions,
): Promise<T> {
  const questions = cut.asked.sessionOf.length
  let found = candidates[0] as T
  let highest = -1
  for (const [i, candidate] of candidates.entries()) {
    const ranks = await askCut(await build(candidate), cut, {
      signal,
      onProgress: (done) => onProgress?.(i * questions + done, candidates.length * questions),
    })
    const { recall, mrr } = accuracy(ranks, [K])
    const quality = recall[K]! + mrr[K]!
    if (quality <= highest) continue
    found = candidate
    highest = quality
  }
  return found
}

function sessionsOf(log: Interactions, from: number, to: number): Interactions {
  const [start, end] = [log.offsets[from]!, log.offsets[to]!]
  return {
    ...log,
    offsets: log.offsets.slice(from, to + 1).map((offset) => offset - start),
    rows: log.rows.subarray(start, end),
    weights: log.weights.subarray(start, end),
    times: log.times.subarray(start, end),
    users: log.users?.subarray(from, to) ?? null,
  }
}
