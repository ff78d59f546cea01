/**
 * Step: the second stage adds what the blend does not know, where training has found that it pays:
 *
 *     score = score + sum_f stage.linear[f] * feature_f
 *
 * A pack without `stage.linear` has no second stage.
 */
import { PackError } from '../../pack/errors.js'
import type { Pack } from '../../pack/pack.js'
import { values } from '../../pack/values.js'
import type { Step } from '../candidates.js'
import { isJudged, tellsSomething } from '../scored.js'
import { STAGE, stageOf } from './features.js'

/** A later version may have more features than this one knows. */
const MOST = 1000

/** @throws PackError */
export function readStage(pack: Pack): Float32Array | undefined {
  if (!pack.has('stage.linear')) return undefined
  const linear = values(pack, 'stage.linear', -100, 100, -1)
  if (linear.length > MOST) throw new PackError('malformed', `section stage.linear: more than ${MOST} values`)
  return linear
}

/** @throws PackError */
export function readSimilar(pack: Pack): number | undefined {
  return pack.has('stage.similar') ? values(pack, 'stage.similar', -10, 10, 1)[0] : undefined
}

export const secondStage: Step = (list, context) => {
  const { stage } = context.model
  if (!stage || !tellsSomething(context.model, context.evidence)) return list
  const featuresOf = stageOf(list, context)
  const features = new Float64Array(STAGE.length)
  const score = list.score.map((score, i) => {
    if (!isJudged(context.model, list, i)) return score
    featuresOf(i, features)
    return Math.fround(features.reduce((sum, value, f) => sum + value * (stage[f] ?? 0), score))
  })
  return { ...list, score }
}
