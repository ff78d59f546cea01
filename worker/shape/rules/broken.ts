/** Reads a finished list, and reports each rule that does not hold in it. It does not know how the list was made. */
import type { Broken } from '../../protocol.js'
import type { Candidates } from '../../rank/candidates.js'
import { type ActiveRule, OUT } from './active.js'
import type { Items } from './condition.js'
import { windowsOf } from './place.js'

/** @param places of the list's items in `list`, in their order */
export function brokenBy(
  active: readonly ActiveRule[],
  items: Items,
  places: readonly number[],
  level: Uint8Array,
  { index }: Candidates,
): Broken[] {
  const windows = windowsOf(items, active, places.length)
  for (const window of windows) places.slice(0, window.end).forEach(window.count)

  /** Of how many items, or positions, a rule does not hold. */
  function missed(one: ActiveRule): number {
    const { rule, test } = one
    if (rule.kind === 'pin') {
      const i = places[rule.position]
      return Number(i === undefined || level[i]! >= OUT || !test(items, i))
    }
    if (one.level === 0) return windows.find(({ by }) => by === one)?.missed() ?? 0
    const last = places.findLastIndex((i) => level[i]! < one.level)
    return places.filter((i, position) => {
      const leftOut = index[i]! < 0 ? one.level >= OUT : 'remove' in rule
      return (leftOut || position < last) && test(items, i)
    }).length
  }

  return active
    .map((one) => ({ rule: one.name, kind: one.rule.kind, items: missed(one) }))
    .filter(({ items }) => items > 0)
}
