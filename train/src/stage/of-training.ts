/** The second stage of a training, from its first model and the sessions that this model has not learned from. */
import type { Catalogue } from '../data/catalogue.js'
import type { Interactions } from '../data/interactions.js'
import { positiveLog } from '../model/log/log.js'
import { openersOf } from '../model/openers/openers.js'
import { modelOf } from '../model/result/model-of.js'
import type { PackContent } from '../pack/content.js'
import { partsOf } from './held-out.js'
import { type Stage, secondStage } from './second-stage.js'

/**
 * @param early the first model as a pack, without facts
 * @param heldOut how many of the last sessions with positive events it has not learned from
 */
export async function stageOfTraining(
  early: PackContent,
  catalogue: Catalogue | null,
  log: Interactions,
  heldOut: number,
  signal?: AbortSignal,
): Promise<Stage> {
  const [known, held] = partsOf(log, heldOut)
  const { category, brand, price } = catalogue ?? {}
  const facts = { ...(category && { category }), ...(brand && { brand }), ...(price && { price }) }
  const openers = openersOf(positiveLog(known), early.popularity, early.minSessions)
  return secondStage(await modelOf({ ...early, facts, openers }), known, held, signal)
}
