/**
 * The best items of the whole catalogue: whatever the dense scan, the neighbour tables or the session itself puts
 * forward is scored by the blend. Nothing else can have a higher relevance than the last of these.
 */
import { MAX_K } from '../compute/scorer.js'
import { DEPTH } from './blend.js'
import type { Evidence, Model } from './evidence.js'
import { relevance } from './relevance.js'

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
  model: Model,
  evidence: Evidence,
  limit: number,
  excluded: ReadonlySet<number> = new Set(),
  ties = false,
): Retrieved {
  const found = new Set<number>()
  const { dense } = evidence
  if (dense) {
    // As many more as may fall back: who gains stays ahead of who does not.
    const fallen = [...evidence.repeats.values()].filter((factor) => factor < 1).length
    const deep = Math.min(MAX_K, limit + excluded.size + fallen)
    const best =
      deep <= DEPTH ? dense.best : model.scorer.topK(dense.query.codes, dense.query.biasMultiplier, deep)
    for (const row of best.rows) found.add(row)
  }
  for (const table of evidence.tables) for (const row of table.keys()) found.add(row)
  for (const row of evidence.repeats.keys()) found.add(row)
  for (const row of excluded) found.delete(row)

  const rows = Uint32Array.from(found).sort()
  const scores = relevance(model, evidence, rows)
  // Rows ascend and the sort is stable, so equal scores stay by row.
  const order = Array.from(rows.keys())
    .filter((i) => scores[i]! > 0)
    .sort((a, b) => scores[b]! - scores[a]!)
  let end = Math.min(limit, order.length)
  while (ties && end > 0 && end < order.length && scores[order[end]!] === scores[order[end - 1]!]) end++
  order.length = end
  return {
    rows: Uint32Array.from(order, (i) => rows[i]!),
    relevance: Float64Array.from(order, (i) => scores[i]!),
  }
}
