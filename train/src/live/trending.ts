/** What is sought after now: how many sessions have each item, the latest counting most. */
import type { Interactions } from '../data/interactions.js'

/** How many items are named. */
const MOST = 100

/**
 * @param halfLife seconds after which a session counts half
 * @param k an item that fewer sessions have is not named, as in the pack
 * @returns weights, the largest first; the largest is 1
 */
export function trendingIn(
  { ids, offsets, rows, times }: Interactions,
  halfLife: number,
  k: number,
): Record<string, number> {
  const sums = new Float64Array(ids.length)
  const sessions = new Uint32Array(ids.length)
  let latest = -Infinity
  for (const time of times) latest = Math.max(latest, time)
  for (let s = 0; s + 1 < offsets.length; s++) {
    const seen = new Set<number>()
    for (let e = offsets[s]!; e < offsets[s + 1]!; e++) {
      if (seen.has(rows[e]!)) continue
      seen.add(rows[e]!)
      sessions[rows[e]!]!++
      sums[rows[e]!]! += 2 ** ((times[e]! - latest) / halfLife)
    }
  }
  const named = [...ids.keys()].filter((row) => sessions[row]! >= k)
  named.sort((a, b) => sums[b]! - sums[a]! || a - b)
  const most = sums[named[0] ?? 0]!
  return Object.fromEntries(
    named.slice(0, MOST).map((row) => [ids[row]!, Number((sums[row]! / most).toPrecision(4))]),
  )
}
