/** What is fitted on the sessions that a training's first model has not learned from: its second stage, and how much variety lists take. */
import type { Catalogue } from '../data/catalogue.js'
import type { Interactions } from '../data/interactions.js'
import { positiveLog } from '../model/log/log.js'
import { openersOf } from '../model/openers/openers.js'
import { modelOf } from '../model/result/model-of.js'
import type { PackContent } from '../pack/content.js'
import { partsOf } from './held-out.js'
import { type Stage, secondStage } from './second-stage.js'
import { fitVariety } from './variety.js'

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
  const model = await modelOf({ ...early, facts, openers })
  const stage = await secondStage(model, known, held, signal)
  const variety = await fitVariety(model, held, signal)
  return { ...stage, ...(variety && { variety }) }
}
