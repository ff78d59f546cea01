/** Looks deeper into the catalogue until enough items are left that the rules allow. */
import { MAX_K } from '../compute/scorer.js'
import type { Candidates, RankContext } from './candidates.js'
import { PLAIN } from './plain.js'

/** How many times deeper each try looks than the one before. */
const DEEPER = 8

/** @param pipeline that ends with the rules */
export function deepened(context: RankContext, pipeline: (context: RankContext) => Candidates): Candidates {
  const { limit, model, shape = PLAIN } = context
  const most = Math.min(MAX_K, model.catalog.size)
  let depth = shape.depthFor(context)
  for (;;) {
    const list = pipeline({ ...context, depth })
    const whole = list.rows.length >= limit && !shape.hopesForMore(list, context)
    if (whole || depth >= most) return list
    depth = Math.min(most, Math.max(1, depth) * DEEPER)
  }
}
