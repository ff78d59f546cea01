/** Looks deeper into the catalogue until enough items are left that the rules allow. */
import { MAX_K } from '../../compute/scorer.js'
import { DEPTH } from '../blend.js'
import type { Candidates, RankContext } from '../candidates.js'
import { activeRules, OUT } from './active.js'

/** How many times deeper each try looks than the one before. */
const DEEPER = 8

/** @param pipeline that ends with the rules */
export function deepened(context: RankContext, pipeline: (context: RankContext) => Candidates): Candidates {
  const { limit, model, settings, evidence, excluded } = context
  const most = Math.min(MAX_K, model.catalog.size)
  const { rules, variety, explore } = settings
  // Rules about positions choose among more items than the list shows. What others leave out may be nothing at all.
  const choosing = activeRules(rules).some(({ level }) => level < OUT)
  // So deep was searched when the visit was read, and variety and exploration are content with that.
  const there = variety || explore ? DEPTH - excluded.size - evidence.repeats.size : 0
  let depth = choosing ? Math.max(4 * limit, DEPTH) : Math.max(limit, there)
  for (;;) {
    const list = pipeline({ ...context, depth })
    const whole = list.rows.length >= limit && !list.rules?.broken.length
    if (whole || depth >= most) return list
    depth = Math.min(most, Math.max(1, depth) * DEEPER)
  }
}
