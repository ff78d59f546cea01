/**
 * Step: what a list of the catalogue is for. Beside an item (`similar`) visitors look for others of its kind: where training has
 * found that this pays, the pack says how much more an item of the same category counts.
 */
import { exp } from '../compute/exp.js'
import { attributeOf, type Step } from './candidates.js'

export const head: Step = (list, context) => {
  const { model, evidence, settings } = context
  const last = evidence.steps.at(-1)
  if (!model.similar || settings.head !== 'similar' || !last) return list
  const own = model.catalog.attribute(last.row, 'category')
  const factor = exp(own === undefined ? 0 : model.similar)
  const score = list.score.map((score, i) =>
    attributeOf(context, list, i, 'category') === own ? score * factor : score,
  )
  return { ...list, score }
}
