/** Fits and judges a second stage on sessions that a pack has not learned from. */

import { loadLog } from '../../train/src/data/load/load.js'
import { readPackFromDisk } from '../../train/src/pack/read.js'
import { type Stage, secondStage } from '../../train/src/stage/second-stage.js'
import { openModel } from '../../worker/model.js'

/** @param known the log that the pack was trained on; `later`: sessions after it */
export async function experiment(pack: string, known: string, later: string): Promise<Stage> {
  const people = new Map<string, number>()
  const load = async (events: string) => (await loadLog({ events: [events], people })).data
  const model = await openModel(await readPackFromDisk(pack), 'auto')
  return secondStage(model, await load(known), await load(later))
}
