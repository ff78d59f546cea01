/** Steps: the features of each candidate, and its relevance as the score. Everything after them reads these columns. */
import type { Step } from './candidates.js'
import { featuresOf, relevanceOf } from './relevance.js'

export const features: Step = (list, { model, evidence }) => ({
  ...list,
  // As unsigned numbers, rows of -1 lie beyond any catalogue.
  features: featuresOf(model, evidence, new Uint32Array(list.rows)),
})

export const score: Step = (list) => ({ ...list, score: relevanceOf(list.features) })
