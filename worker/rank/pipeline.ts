/**
 * What answers a request: a source of candidates, then steps in their order. Each step has a file of its own, and all
 * of them work on the record of `candidates.ts`.
 */
import { arrange } from './arrange.js'
import { best, sorted } from './best.js'
import type { CandidateSource, Candidates, RankContext, Step } from './candidates.js'
import { catalogue, whole } from './catalogue.js'
import { dislikes, less, lower } from './dislikes.js'
import { fill } from './fill.js'
import { given } from './given.js'
import { head } from './heads.js'
import { lead } from './lead.js'
import { PLAIN } from './plain.js'
import { features, score } from './score.js'
import { weighServerOrder } from './server-order.js'
import { similar } from './similar.js'

type Pipeline = (context: RankContext) => Candidates

/** What the shop's settings make of the list has the last word. */
const permitted: Step = (list, context) => (context.shape ?? PLAIN).permitted(list, context)
const last: Step = (list, context) => (context.shape ?? PLAIN).last(list, context)

/** What training has found beside the blend. */
const stage: Step = (list, context) => (context.shape ?? PLAIN).stage(list, context)

/** The shop's own list in the visitor's order. */
export const rank = pipeline(given, features, dislikes, score, weighServerOrder, stage, lower, arrange, last)

/** The best of the catalogue, and nothing else. */
export const retrieval = pipeline(catalogue, features, score, best)

/** What the engine chooses from the catalogue, the best first. */
const chosen: Step[] = [features, dislikes, score, head, lead, less, sorted]

/**
 * What fits by content where nothing better is known, then the best of the catalogue; where too little is known to fill the list,
 * what others begin with.
 */
export const recommend = pipeline(whole, ...chosen, fill, permitted, last)

/** What is like an item. */
export const findSimilar = pipeline(similar, ...chosen, permitted, last)

/** The request's ids with their features, in their order: to explain them. */
export const measure = pipeline(given, features, dislikes)

function pipeline(source: CandidateSource, ...steps: Step[]): Pipeline {
  return (context) => steps.reduce((list, step) => step(list, context), source(context))
}
