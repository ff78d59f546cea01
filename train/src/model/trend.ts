/**
 * What sells now and what used to: ln of an item's share of the latest sessions over its share of all. Biases are
 * learned from the whole log; how far they should lean to its end is a matter of the shop.
 */
import type { Fitted } from './fit.js'
import type { Log } from './log.js'
import { type Support, sessionsByPerson } from './support.js'

/** The end of the log that is taken for now. */
const LATEST = 0.1
/** Sessions that are added to both counts, so that few say little. */
const PRIOR = 3

/** How far biases may lean to what sells now: each is tried. */
export const LEANS = [0, 0.5, 1]

/**
 * By item; 0 for rare ones. The support rule holds: what fewer than k people chose lately counts as nobody's choice.
 */
function trendOf(log: Log, { rare, popularity }: Support, k: number): Float32Array {
  const from = Math.floor(log.sessions * (1 - LATEST))
  const sessions = new Uint32Array(log.items)
  const people = new Uint32Array(log.items)
  const lastSession = new Int32Array(log.items).fill(-1)
  const lastPerson = new Int32Array(log.items).fill(-1)
  for (const s of sessionsByPerson(log)) {
    if (s < from) continue
    for (let e = log.offsets[s]!; e < log.offsets[s + 1]!; e++) {
      const row = log.rows[e]!
      if (lastSession[row] !== s) sessions[row]!++
      if (lastPerson[row] !== log.persons[s]) people[row]!++
      lastSession[row] = s
      lastPerson[row] = log.persons[s]!
    }
  }
  return Float32Array.from(popularity, (count, row) => {
    if (rare[row]) return 0
    const recent = people[row]! < k ? 0 : sessions[row]!
    return Math.log((recent + PRIOR) / (LATEST * count + PRIOR))
  })
}

/** Biases that lean to what sells now, as far as asked. */
export function leaning(fitted: Fitted, log: Log, k: number): (lean: number) => Fitted {
  const trend = trendOf(log, fitted.support, k)
  return (lean) => ({ ...fitted, bias: fitted.bias.map((value, row) => value + lean * trend[row]!) })
}
