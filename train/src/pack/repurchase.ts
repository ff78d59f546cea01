/**
 * After how many days an item is usually bought again. A rule that hides what was bought shows it again after that time.
 *
 * Each person who bought an item again counts once, with the days from their first purchase to the next. The cycle is the
 * lower quartile of these: three of four came back later. It needs at least k people. An item with fewer gets the cycle of its
 * category, where that has enough.
 */
import type { Interactions } from '../data/interactions.js'

const DAY = 86_400
/** Purchases on one day are one purchase. */
const SHORTEST = DAY
/** A cycle needs this share of the buyers. Where fewer come back, the item is one that people buy once. */
const COME_BACK = 0.05
/** From here on, cycles are whole weeks: days would say more than the log knows. */
const WEEKS_FROM = 14
const LONGEST = 2 ** 16 - 1

/** Of an item, or of a category: who bought it, and days until each person who came back did so. */
interface Group {
  buyers: Set<number>
  days: Map<number, number>
}

/**
 * @param categories of the items, where the catalogue has them
 * @param k the least number of people behind a cycle
 * @returns days of each item, 0 where nothing is known; undefined where the log has no people, times or purchases
 */
export function repurchaseDays(
  { ids, offsets, rows, bought: purchases, times, users, time }: Interactions,
  categories: readonly (string | undefined)[] | undefined,
  k: number,
): Uint16Array | undefined {
  if (!users || !purchases || time === 'order') return undefined
  const items = new Map<number, Group>()
  const ofCategories = new Map<string, Group>()
  /** By person and item: the first purchase. */
  const first = new Map<number, Map<number, number>>()
  for (let s = 0; s + 1 < offsets.length; s++) {
    const user = users[s]!
    if (user < 0) continue
    for (let e = offsets[s]!; e < offsets[s + 1]!; e++) {
      if (!purchases[e]) continue
      const row = rows[e]!
      const category = categories?.[row]
      const groups = [at(items, row, group), ...(category ? [at(ofCategories, category, group)] : [])]
      const bought = at(first, user, () => new Map<number, number>())
      const days = (times[e]! - (bought.get(row) ?? times[e]!)) / DAY
      for (const { buyers } of groups) buyers.add(user)
      if (!bought.has(row)) bought.set(row, times[e]!)
      if (days * DAY < SHORTEST) continue
      for (const of of groups) if (!of.days.has(user)) of.days.set(user, days)
    }
  }
  return Uint16Array.from(ids, (_, row) => {
    const own = cycleOf(items.get(row), k)
    return own || cycleOf(ofCategories.get(categories?.[row] ?? ''), k)
  })
}

function cycleOf(group: Group | undefined, k: number): number {
  if (!group || group.days.size < Math.max(k, COME_BACK * group.buyers.size)) return 0
  const sorted = [...group.days.values()].sort((a, b) => a - b)
  const days = sorted[Math.floor(sorted.length / 4)]!
  return Math.min(LONGEST, days < WEEKS_FROM ? Math.round(days) : 7 * Math.round(days / 7))
}

function at<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const value = map.get(key) ?? make()
  map.set(key, value)
  return value
}

function group(): Group {
  return { buyers: new Set(), days: new Map() }
}
