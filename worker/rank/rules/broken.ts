/** Reads a finished list, and reports each rule that does not hold in it. It does not know how the list was made. */
import type { Broken } from '../../protocol.js'
import type { Candidates } from '../candidates.js'
import { type ActiveRule, OUT } from './active.js'
import type { Items } from './condition.js'
import { capped, needed } from './place.js'

/** @param places of the list's items in `list`, in their order */
export function brokenBy(
  active: readonly ActiveRule[],
  items: Items,
  places: readonly number[],
  level: Uint8Array,
  list: Candidates,
): Broken[] {
  return active.flatMap((one) => {
    const count = missed(one, items, places, level, list)
    return count > 0 ? [{ rule: one.name, kind: one.rule.kind, items: count }] : []
  })
}

/** Of how many items, or positions, a rule does not hold. */
function missed(
  one: ActiveRule,
  items: Items,
  places: readonly number[],
  level: Uint8Array,
  { index }: Candidates,
): number {
  const { rule, test } = one
  if (rule.kind === 'boost') return 0
  if (rule.kind === 'pin') {
    const i = places[rule.position]
    return Number(i === undefined || level[i]! >= OUT || !test(items, i))
  }
  if (rule.kind === 'share') {
    const window = places.slice(0, rule.within)
    return Math.max(0, needed(rule.least, window.length) - window.filter((i) => test(items, i)).length)
  }
  if (rule.kind === 'cap') {
    const counts = new Map<string, number>()
    for (const i of places.slice(0, rule.within))
      for (const value of capped(one, items, i)) counts.set(value, (counts.get(value) ?? 0) + 1)
    return [...counts.values()].reduce((sum, count) => sum + Math.max(0, count - rule.most), 0)
  }
  const last = places.findLastIndex((i) => level[i]! < one.level)
  return places.filter((i, position) => {
    const leftOut = index[i]! < 0 ? one.level >= OUT : 'remove' in rule && rule.remove
    return (leftOut || position < last) && test(items, i)
  }).length
}
