/**
 * Step: items that fit by content come first, where the model's space says nothing of what the visitor wants. Only what they
 * have looked at in this visit stays before them. Their scores fall from item to item, and are above those of the rest.
 */
import type { Step } from './candidates.js'
import { fitting } from './content.js'

export const lead: Step = (list, context) => {
  const fit = fitting(context)
  if (fit.length === 0) return list
  const place = new Map(fit.map((row, i) => [row, i]))
  const viewed = new Set(context.evidence.steps.map(({ row }) => row))
  const highest = list.score.reduce((most, score) => Math.max(most, score), 0) || 1
  return {
    ...list,
    score: list.score.map((score, i) => {
      const at = place.get(list.rows[i]!)
      if (at !== undefined) return highest * (2 - at / fit.length)
      return viewed.has(list.rows[i]!) && score > 0 ? 2 * highest + score : score
    }),
  }
}
