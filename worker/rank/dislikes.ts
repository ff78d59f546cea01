/**
 * Steps: what the visitor does not want, and what is like it, comes later.
 *
 *     against = STRENGTH * min(1, the sum of all refusals that reach the item)
 *     relevance = relevance * exp(-against)
 *
 * So one refusal takes nearly everything from the items that it reaches in full, and more refusals take no more than that.
 * Where nothing speaks against anything, nothing changes.
 */
import { exp } from '../compute/exp.js'
import { dot } from '../compute/vector.js'
import { attributeOf, type Candidates, idAt, type RankContext, type Step } from './candidates.js'

/** What is refused in full keeps exp(-STRENGTH) of its relevance. */
const STRENGTH = 5

/** What speaks against the i-th candidate of a list, in units of the score's logarithm. */
export function againstIn(list: Candidates, context: RankContext): (i: number) => number {
  const { items, reaches, kinds } = context.refusals
  const { codes, dim, step } = context.model.catalog
  return (i) => {
    const row = list.rows[i]!
    let sum = items.get(idAt(context, list, i)) ?? 0
    if (row >= 0) {
      for (const { amount, vector, near, far } of reaches) {
        const share = (dot(codes, vector, row * dim) * step - far) / (near - far)
        if (share > 0) sum += amount * Math.min(1, share)
      }
    }
    for (const [name, values] of kinds) {
      if (values.size > 0) sum += values.get(attributeOf(context, list, i, name)!) ?? 0
    }
    return STRENGTH * Math.min(1, sum)
  }
}

/** Writes the column `against`. */
export const dislikes: Step = (list, context) => {
  if (context.refusals.items.size === 0) return list
  const against = Float64Array.from(list.rows.keys(), againstIn(list, context))
  return { ...list, features: { ...list.features, against } }
}

/** Takes it from a relevance. */
export const less: Step = (list) => lessened(list, (score, against) => score * exp(-against))

/** Takes it from a score that is a logarithm. */
export const lower: Step = (list) => lessened(list, (score, against) => Math.fround(score - against))

function lessened(
  list: Parameters<Step>[0],
  lessenedBy: (score: number, against: number) => number,
): ReturnType<Step> {
  const { against } = list.features
  return {
    ...list,
    score: list.score.map((score, i) => (against[i] ? lessenedBy(score, against[i]!) : score)),
  }
}
