/** Measures Recall@20 and MRR@20 through the engine's own retrieval. */
import { gather, type ServingModel } from '../../../../worker/rank/evidence.js'
import { retrieve } from '../../../../worker/rank/retrieve.js'
import { Breath } from '../../running/breath.js'
import type { Question } from '../log/predictions.js'

export interface Accuracy {
  recall20: number
  mrr20: number
}

const K = 20

/** Recall and MRR as shares from 0 to 1. Items with the same relevance as the target count as ahead of it. */
export async function measure(
  model: ServingModel,
  asked: readonly Question[],
  signal?: AbortSignal,
): Promise<Accuracy> {
  const breath = new Breath(signal)
  let hits = 0
  let reciprocal = 0
  for (const { steps, target } of asked) {
    const { rows, relevance } = retrieve(model, gather(model, steps), K, new Set(), true)
    const at = rows.indexOf(target)
    if (at >= 0) {
      let rank = at + 1
      while (rank < rows.length && relevance[rank] === relevance[at]) rank++
      if (rank <= K) {
        hits++
        reciprocal += 1 / rank
      }
    }
    if (breath.due()) await breath.take()
  }
  const n = Math.max(1, asked.length)
  return { recall20: hits / n, mrr20: reciprocal / n }
}
