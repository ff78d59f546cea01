/** Looks deeper into the catalogue until enough items are left that the rules allow. */
import { MAX_K } from '../../compute/scorer.js'
import { DEPTH } from '../blend.js'
import type { Candidates, RankContext } from '../candidates.js'
import { type ActiveRule, activeRules, OUT } from './active.js'

/** How many times deeper each try looks than the one before. */
const DEEPER = 8

/** @param pipeline that ends with the rules */
export function deepened(context: RankContext, pipeline: (context: RankContext) => Candidates): Candidates {
  const { limit, model, settings } = context
  const most = Math.min(MAX_K, model.catalog.size)
  // Variety, exploration and rules about positions choose among more items than the list shows. What other rules leave out may be
  // nothing at all.
  const { rules, variety, explore } = settings
  const active = activeRules(rules)
  const choosing = variety || explore || active.some(({ level }) => level < OUT)
  const hoping = new Set(active.filter(mayHold).map(({ name }) => name))
  let depth = choosing ? Math.max(4 * limit, DEPTH) : limit
  for (;;) {
    const list = pipeline({ ...context, depth })
    const whole = list.rows.length >= limit && !list.rules?.broken.some(({ rule }) => hoping.has(rule))
    if (whole || depth >= most) return list
    depth = Math.min(most, Math.max(1, depth) * DEEPER)
  }
}

/** Whether a rule that does not hold may do so among more candidates. Items that are pinned by their ids are there already. */
function mayHold({ level, rule }: ActiveRule): boolean {
  return level >= OUT || rule.kind === 'share' || (rule.kind === 'pin' && !('ids' in rule.where))
}
