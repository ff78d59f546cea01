/** Step: fills what is still missing of `depth` with the most popular items. Their score is 0, as nothing else speaks for them. */
import { candidates, concat, type Step } from './candidates.js'

export const fillWithPopular: Step = (list, { model, depth, excluded }) => {
  const missing = depth - list.rows.length
  if (missing <= 0) return list
  const taken = new Set([...excluded, ...list.rows])
  const popular = model.catalog.popular(depth + taken.size).filter((row) => !taken.has(row))
  return concat(list, candidates(popular.slice(0, missing), 'popular'))
}
