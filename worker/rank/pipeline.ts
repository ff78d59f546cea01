/**
 * What answers a request: a source of candidates, then steps in their order. Each step has a file of its own, and all
 * of them work on the record of `candidates.ts`.
 */
import { arrange } from './arrange.js'
import { best } from './best.js'
import type { CandidateSource, Candidates, RankContext, Step } from './candidates.js'
import { catalogue } from './catalogue.js'
import { dislikes, less, lower } from './dislikes.js'
import { given } from './given.js'
import { fillWithPopular } from './popular.js'
import { unwantedLast } from './rules.js'
import { features, score } from './score.js'
import { weighServerOrder } from './server-order.js'
import { similar } from './similar.js'

type Pipeline = (context: RankContext) => Candidates

/** The shop's own list in the visitor's order. */
export const rank = pipeline(given, features, dislikes, score, weighServerOrder, lower, arrange, unwantedLast)

/** The best of the catalogue, and nothing else. */
export const retrieval = pipeline(catalogue, features, score, best)

/** The best of the catalogue; where too little is known to fill the list, what is popular. */
export const recommend = pipeline(catalogue, features, dislikes, score, less, best, fillWithPopular)

/** What is like an item. */
export const findSimilar = pipeline(similar, features, dislikes, score, less, best)

/** The request's ids with their features, in their order: to explain them. */
export const measure = pipeline(given, features, dislikes)

function pipeline(source: CandidateSource, ...steps: Step[]): Pipeline {
  return (context) => steps.reduce((list, step) => step(list, context), source(context))
}
