/** What a shop's settings make of lists: variety, then exploration, then rules, which have the last word. */
import { DEPTH } from '../rank/blend.js'
import type { Shape } from '../rank/candidates.js'
import { diversify } from './diversify.js'
import { explore, logged } from './explore.js'
import { type ActiveRule, activeRules, OUT } from './rules/active.js'
import { effectsAlone, permitted, rules } from './rules/rules.js'
import { secondStage } from './second-stage.js'

export const shape: Shape = {
  stage: secondStage,

  permitted,

  last: (list, context) => logged(rules)(explore(diversify(list, context), context), context),

  depthFor({ limit, evidence, excluded, settings: { rules, variety, explore } }) {
    // Rules about positions choose among more items than the list shows. What others leave out may be nothing at all.
    if (activeRules(rules).some(({ level }) => level < OUT)) return Math.max(4 * limit, DEPTH)
    // So deep was searched when the visit was read, and variety and exploration are content with that.
    return Math.max(limit, variety || explore ? DEPTH - excluded.size - evidence.repeats.size : 0)
  },

  hopesForMore(list, { settings }) {
    const hoping = new Set(
      activeRules(settings.rules)
        .filter(mayHold)
        .map(({ name }) => name),
    )
    return list.rules?.broken.some(({ rule }) => hoping.has(rule)) ?? false
  },

  effectsAlone,
}

/** Whether a rule that does not hold may do so among more candidates. Items that are pinned by their ids are there already. */
function mayHold({ level, rule }: ActiveRule): boolean {
  return level >= OUT || rule.kind === 'share' || (rule.kind === 'pin' && !('ids' in rule.where))
}
