/** What the page may say beside an item of a list: the strongest few of the reasons that `explain.ts` finds. */
import type { Reason } from '../protocol.js'
import { type Candidates, type RankContext, SOURCES } from './candidates.js'
import { explain } from './explain.js'

/** Reasons given for one item. */
const MOST_REASONS = 2

/** Reasons for the i-th candidate, strongest first; at least one for an item of the shop's own list. */
export function reasonsOf(context: RankContext, list: Candidates, i: number): Reason[] {
  const source = SOURCES[list.source[i]!]
  if (source === 'popular' || source === 'trending') return [{ code: 'popular', weight: 1 }]
  const reasons = strongestOf(context, list, i)
  return reasons.length === 0 && source === 'server' ? shopsOrder() : reasons
}

/** For an item that stands where the shop put it. */
export function shopsOrder(): Reason[] {
  return [{ code: 'shop', weight: 1 }]
}

function strongestOf(context: RankContext, list: Candidates, i: number): Reason[] {
  const { parts, because } = explain(context, list, i)
  const found: Reason[] = because
    .slice(0, MOST_REASONS)
    .map(({ row, code, share: weight }) =>
      code === 'again' ? { code, weight } : { code, item: context.model.catalog.idOf(row), weight },
    )
  const taste = parts.find(({ part }) => part === 'profile')
  if (taste && taste.share > (found[0]?.weight ?? 0)) found.unshift({ code: 'taste', weight: taste.share })
  return found.slice(0, MOST_REASONS)
}
