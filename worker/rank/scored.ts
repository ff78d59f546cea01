/** Which items the model can judge, and which only the server can. */
import { EXCLUDED } from '../compute/scorer.js'
import type { Candidates } from './candidates.js'
import type { Evidence, ServingModel } from './evidence.js'

/** Whether the item has a vector of its own. All items that too few people have seen share one. */
export function hasVector({ catalog }: ServingModel, row: number): boolean {
  return row >= 0 && catalog.bias[row] !== EXCLUDED
}

/** Whether the i-th candidate can be compared with others: it has a vector, or something speaks for it nevertheless. */
export function isJudged(model: ServingModel, { rows, features }: Candidates, i: number): boolean {
  return hasVector(model, rows[i]!) || features.dense[i]! + features.tables[i]! > 0
}

/** Whether what is known of the visitor says anything about other items. */
export function tellsSomething(model: ServingModel, { steps, past }: Evidence): boolean {
  return past !== undefined || steps.some(({ row }) => hasVector(model, row))
}
