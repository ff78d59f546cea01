/** The lists that a pack makes for a log, with many more candidates than a page shows, so that they can be put in another order. */
import { loadLog } from '../../train/src/data/load/load.js'
import { questionsOf } from '../../train/src/evaluate/questions/questions.js'
import { replay } from '../../train/src/evaluate/questions/replay.js'
import { readPackFromDisk } from '../../train/src/pack/read.js'
import { openModel } from '../../worker/model.js'
import { type Candidates, contextOf, knownBy } from '../../worker/rank/candidates.js'
import { gather, type ServingModel } from '../../worker/rank/evidence.js'
import { retrieve } from '../../worker/rank/retrieve.js'

export interface List {
  rows: Uint32Array
  relevance: Float64Array
  /** Row of the item that came next, or -1. */
  target: number
}

export interface Lists {
  model: ServingModel
  lists: List[]
}

/** @param sample use only so many sessions, drawn at random */
export async function listsOf(pack: string, log: string, depth: number, sample?: number): Promise<Lists> {
  const model = await openModel(await readPackFromDisk(pack), 'auto')
  const { data } = await loadLog({ events: [log] })
  const questions = questionsOf(data, (id) => model.catalog.rowOf(id), sample, 1)
  const lists: List[] = []
  const { offsets, rows, weights } = questions
  for (let s = 0; s + 1 < offsets.length; s++) {
    const steps = []
    for (let event = offsets[s]!; event + 1 < offsets[s + 1]!; event++) {
      if (rows[event]! >= 0) steps.push({ row: rows[event]!, weight: weights[event]! })
      const found = retrieve(model, gather(model, steps), depth)
      lists.push({ ...found, target: rows[event + 1]! })
    }
  }
  return { model, lists }
}
