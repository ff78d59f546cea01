/** The lists that a pack makes for a log, with many more candidates than a page shows, so that they can be put in another order. */
import { loadLog } from '../../train/src/data/load/load.js'
import { questionsOf } from '../../train/src/evaluate/questions/questions.js'
import { readPackFromDisk } from '../../train/src/pack/read.js'
import { openModel } from '../../worker/model.js'
import { DEPTH } from '../../worker/rank/blend.js'
import { type Candidates, contextOf, knownBy, type RankContext } from '../../worker/rank/candidates.js'
import { gather, type ServingModel } from '../../worker/rank/evidence.js'
import { retrieval } from '../../worker/rank/pipeline.js'
import type { Step } from '../../worker/session/encoder.js'

export interface List {
  candidates: Candidates
  context: RankContext
  /** Row of the item that came next, or -1. */
  target: number
}

export interface Lists {
  model: ServingModel
  lists: List[]
}

/** How long the judged lists are. */
export const LENGTH = 10
const SEED = 1

/** @param sample use only so many sessions, drawn at random */
export async function listsOf(pack: string, log: string, sample?: number): Promise<Lists> {
  const model = await openModel(await readPackFromDisk(pack), 'auto')
  const { data } = await loadLog({ events: [log] })
  const { offsets, rows, weights } = questionsOf(data, (id) => model.catalog.rowOf(id), sample, SEED)
  const lists: List[] = []
  for (let s = 0; s + 1 < offsets.length; s++) {
    const steps: Step[] = []
    // The first event tells visitors apart.
    const events = [{ id: `visitor ${s}`, name: 'view_item' as const, time: 0, items: [] }]
    for (let event = offsets[s]!; event + 1 < offsets[s + 1]!; event++) {
      if (rows[event]! >= 0) steps.push({ row: rows[event]!, weight: weights[event]! })
      const evidence = gather(model, [...steps])
      const candidates = retrieval(contextOf(model, knownBy(evidence), { limit: DEPTH }))
      // What only the search needs would fill the memory.
      const context = contextOf(
        model,
        { ...knownBy({ ...evidence, dense: undefined }), events },
        { limit: LENGTH },
      )
      lists.push({ candidates, context, target: rows[event + 1]! })
    }
  }
  return { model, lists }
}
