/** The best items of the whole catalogue, as evaluation and the trainer ask for them: rows and relevance alone. */
import { contextOf, knownBy } from './candidates.js'
import type { Evidence, ServingModel } from './evidence.js'
import { retrieval } from './pipeline.js'

export interface Retrieved {
  /** By falling relevance, ties by rising row. */
  rows: Uint32Array
  relevance: Float64Array
}

/**
 * @param limit how many are wanted; fewer come back where less is known
 * @param excluded rows that must not come back
 * @param ties also return every row that is tied with the last one (evaluation counts ties against the model)
 */
export function retrieve(
  model: ServingModel,
  evidence: Evidence,
  limit: number,
  excluded: ReadonlySet<number> = new Set(),
  ties = false,
): Retrieved {
  const { rows, score } = retrieval(contextOf(model, knownBy(evidence), { limit, excluded, ties }))
  return { rows: new Uint32Array(rows), relevance: score }
}
