/**
 * How a baseline gets its parameters. The training log is cut by time, each setting is tried on the first part, and
 * the one that best predicts the last part is used for the whole log. The test log is never used for this.
 */
import { type Interactions, sliceSessions } from '../../data/interactions.js'
import { accuracy } from '../figures/metrics.js'
import type { Baseline } from '../questions/baseline.js'
import { type Questions, questionsOf } from '../questions/questions.js'
import { askBaseline, type ReplayOptions } from '../questions/replay.js'

/** Share of the sessions, the latest, that is held out, and the largest number of them that is asked about. */
const HELD_OUT = 0.1
const ASKED = 1000
const K = 20
const SEED = 1

export interface Cut {
  fit: Interactions
  /** Questions whose items are the log's own rows. */
  asked: Questions
}

export function cutOf(log: Interactions): Cut {
  const sessions = log.offsets.length - 1
  const at = Math.floor(sessions * (1 - HELD_OUT))
  const held = sliceSessions(log, at, sessions)
  return { fit: sliceSessions(log, 0, at), asked: questionsOf(held, () => -1, ASKED, SEED) }
}

/** Asks a baseline that was built from the cut's `fit` for the next items in its `asked`. */
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

/** The candidate with the highest sum of recall and MRR at 20 on the cut; the first one if several are equal. */
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
