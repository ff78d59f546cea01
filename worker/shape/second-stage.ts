/**
 * Step: the second stage adds what the blend does not know, where training has found that it pays:
 *
 *     score = score + sum_f stage.linear[f] * feature_f
 *
 * A pack without `stage.linear` has no second stage.
 */
import type { Step } from '../rank/candidates.js'
import { isJudged, tellsSomething } from '../rank/scored.js'
import { stageOf } from './stage-features.js'

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
