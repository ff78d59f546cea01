/**
 * Steps: what a list is for. Beside an item (`similar`) visitors look for others of its kind: where training has found that this
 * pays, the pack says how much more an item of the same category counts.
 */
import { attributeOf, type Candidates, type RankContext, type Step } from './candidates.js'

/** For a relevance. */
export const head: Step = (list, context) =>
  headed(list, context, (score, similar) => score * Math.exp(similar))

/** For a score that is a logarithm. */
export const headOfRank: Step = (list, context) =>
  headed(list, context, (score, similar) => Math.fround(score + similar))

function headed(
  list: Candidates,
  context: RankContext,
  change: (score: number, similar: number) => number,
): Candidates {
  const { model, evidence, settings } = context
  const last = evidence.steps.at(-1)
  if (!model.similar || settings.head !== 'similar' || !last) return list
  const own = model.catalog.attribute(last.row, 'category')
  if (own === undefined) return list
  const score = list.score.map((score, i) =>
    attributeOf(context, list, i, 'category') === own ? change(score, model.similar!) : score,
  )
  return { ...list, score }
}
