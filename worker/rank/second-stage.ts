/**
 * Step: the second stage adds what the blend does not know, where training has found that it pays:
 *
 *     score = score + sum_f stage.linear[f] * feature_f
 *
 * A pack without `stage.linear` has no second stage.
 */
import type { Pack } from '../pack/pack.js'
import { values } from '../pack/values.js'
import type { Step } from './candidates.js'
import { isJudged, tellsSomething } from './scored.js'
import { stageOf } from './stage-features.js'

/** @throws PackError */
export function readStage(pack: Pack): Float32Array | undefined {
  return pack.has('stage.linear') ? values(pack, 'stage.linear', -100, 100, -1) : undefined
}

/** @throws PackError */
export function readSimilar(pack: Pack): number | undefined {
  return pack.has('stage.similar') ? values(pack, 'stage.similar', -10, 10, 1)[0] : undefined
}

export const secondStage: Step = (list, context) => {
  const { stage } = context.model
  if (!stage || !tellsSomething(context.model, context.evidence)) return list
  const featuresOf = stageOf(list, context)
  // A pack may know fewer features than this version, or more: the others count nothing.
  const features = new Float64Array(stage.length)
  const score = list.score.map((score, i) => {
    if (!isJudged(context.model, list, i)) return score
    featuresOf(i, features)
    return Math.fround(features.reduce((sum, value, f) => sum + value * stage[f]!, score))
  })
  return { ...list, score }
}
