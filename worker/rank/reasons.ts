/**
 * What the page may say beside the items of a list: the strongest few of the reasons that `explain.ts` finds. They are spread
 * over what the visitor did: no item of the visitor is named beside more than a few items of a list.
 */
import type { Reason, Source } from '../protocol.js'
import { type Candidates, type RankContext, SOURCES } from './candidates.js'
import { explain } from './explain.js'

/** Reasons given for one item. */
const MOST_REASONS = 2
/** A reason for less than this share of the score is not worth a word. */
const WEAK = 0.15
/** How often one item of the visitor is named in a list. */
const MOST_NAMED = 3

/** For items that nothing of the visitor speaks for. */
const BY_SOURCE: Partial<Record<Source, Reason['code']>> = {
  popular: 'popular',
  trending: 'popular',
  fresh: 'new',
  content: 'asked',
  rule: 'shop',
}

/**
 * @param leading only so many positions get reasons of their own; the others are where the shop put them
 * @returns for each candidate its reasons, the strongest first
 */
export function reasonsOf(context: RankContext, list: Candidates, leading: number): Reason[][] {
  const named = new Map<string, number>()
  const times = ({ item }: Reason) => (item === undefined ? 0 : (named.get(item) ?? 0))
  return Array.from(list.rows, (_, i) => {
    const found = i < leading ? strongOf(context, list, i) : [shopsOrder()]
    const chosen = found
      .filter((reason) => times(reason) < MOST_NAMED)
      .sort((a, b) => b.weight / (1 + times(b)) - a.weight / (1 + times(a)))
      .slice(0, MOST_REASONS)
    for (const reason of chosen) if (reason.item !== undefined) named.set(reason.item, times(reason) + 1)
    if (chosen.length > 0 || found.length === 0) return chosen
    // All that speaks for it was named often enough.
    return [{ code: 'visit', weight: found[0]!.weight }]
  })
}

function shopsOrder(): Reason {
  return { code: 'shop', weight: 1 }
}

/** At least one for an item of the shop's own list. */
function strongOf(context: RankContext, list: Candidates, i: number): Reason[] {
  const source = SOURCES[list.source[i]!]!
  const usual = BY_SOURCE[source]
  if (usual) return [{ code: usual, weight: 1 }]
  const { parts, because } = explain(context, list, i)
  const found: Reason[] = because.map(({ row, code, share: weight }) =>
    code === 'again' ? { code, weight } : { code, item: context.model.catalog.idOf(row), weight },
  )
  const taste = parts.find(({ part }) => part === 'profile')
  if (taste) found.push({ code: 'taste', weight: taste.share })
  const strong = found.filter(({ weight }) => weight >= WEAK).sort((a, b) => b.weight - a.weight)
  return strong.length === 0 && source === 'server' ? [shopsOrder()] : strong
}
