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
import { attributeOf, idAt, type Step } from './candidates.js'

/** What is refused in full keeps exp(-STRENGTH) of its relevance. */
const STRENGTH = 5

/** Writes the column `against`. */
export const dislikes: Step = (list, context) => {
  const { items, reaches, kinds } = context.refusals
  if (items.size === 0) return list
  const sums = Float64Array.from(list.rows, (_, i) => items.get(idAt(context, list, i)) ?? 0)
  const add = (i: number, amount: number) => {
    sums[i]! += amount
  }
  // As unsigned numbers, rows of -1 lie beyond any catalogue: their points are the lowest of all.
  const rows = new Uint32Array(list.rows)
  for (const { amount, codes, near, far } of reaches) {
    context.model.scorer.score(codes, 0, rows).forEach((points, i) => {
      if (points > far) add(i, amount * Math.min(1, (points - far) / (near - far)))
    })
  }
  for (const [name, values] of kinds) {
    if (values.size > 0)
      rows.forEach((_, i) => {
        add(i, values.get(attributeOf(context, list, i, name)!) ?? 0)
      })
  }
  const against = sums.map((sum) => STRENGTH * Math.min(1, sum))
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
