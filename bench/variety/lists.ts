/** The lists that a pack makes for a log, with many more candidates than a page shows, so that they can be put in another order. */
import { loadLog } from '../../train/src/data/load/load.js'
import { questionsOf } from '../../train/src/evaluate/questions/questions.js'
import { readPackFromDisk } from '../../train/src/pack/read.js'
import { type VariedList, variedLists } from '../../train/src/stage/variety.js'
import { openModel } from '../../worker/model.js'
import type { ServingModel } from '../../worker/rank/evidence.js'

export interface Lists {
  model: ServingModel
  lists: VariedList[]
}

const SEED = 1

/** @param sample use only so many sessions, drawn at random */
export async function listsOf(pack: string, log: string, sample?: number): Promise<Lists> {
  const model = await openModel(await readPackFromDisk(pack), 'auto')
  const { data } = await loadLog({ events: [log] })
  const questions = questionsOf(data, (id) => model.catalog.rowOf(id), sample, SEED)
  return { model, lists: [...variedLists(model, questions)] }
}
