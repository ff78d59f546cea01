/** What the second stage of a pack is worth on a test set: the same lists without it and with it. */
import { loadLog } from '../../train/src/data/load/load.js'
import { readPackFromDisk } from '../../train/src/pack/read.js'
import { stageLists } from '../../train/src/stage/lists.js'
import { type Judged, judgeStage } from '../../train/src/stage/second-stage.js'
import { openModel } from '../../worker/model.js'

/** Most questions. */
const ASKED = 8000

/** @returns undefined where the pack has no second stage */
export async function experiment(pack: string, train: string, test: string): Promise<Judged | undefined> {
  const model = await openModel(await readPackFromDisk(pack), 'auto')
  if (!model.stage) return undefined
  const people = new Map<string, number>()
  const load = async (events: string) => (await loadLog({ events: [events], people })).data
  const lists = await stageLists(model, await load(train), await load(test), ASKED)
  return judgeStage(lists.flat(), Float64Array.from(model.stage))
}
