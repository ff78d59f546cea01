/**
 * What sells now and what used to. Biases and tables come from the whole log; how far they should lean to its end is a
 * matter of the shop.
 */
import { Breath } from '../../running/breath.js'
import type { Log } from '../log/log.js'
import { countItems, type Support } from '../log/support.js'
import type { Fitted, Trained } from './fitted.js'
import { tablesOf } from './shared.js'

/** The end of the log that is taken for now. */
const LATEST = 0.1
/** Sessions that are added to both counts, so that few say little. */
const PRIOR = 3

/** By how much of the trend biases may be raised: each is tried. 0 is as training leaves them. */
export const LEANS = [0, 0.5, 1]

/** How many times e the latest session counts more than the first, in tables that lean. */
export const recencyOf = (lean: number) => 1 + 2 * lean

/**
 * The trend by item: ln of its share of the latest sessions over its share of all; 0 for rare ones. The support rule
 * holds: what fewer than k people chose lately counts as nobody's choice.
 */
export function trendOf(log: Log, { rare, popularity }: Support, k: number): Float32Array {
  const { sessions, people } = countItems(log, Math.floor(log.sessions * (1 - LATEST)))
  return Float32Array.from(popularity, (count, row) => {
    if (rare[row]) return 0
    const recent = people[row]! < k ? 0 : sessions[row]!
    return Math.log((recent + PRIOR) / (LATEST * count + PRIOR))
  })
}

/** A training that leans as far as asked. */
export async function leaning(
  { fitted, log }: Trained,
  k: number,
  lean: number,
  signal?: AbortSignal,
): Promise<Fitted> {
  if (lean === 0) return fitted
  const trend = trendOf(log, fitted.support, k)
  const tables = await tablesOf(log, fitted.support, k, new Breath(signal), { recency: recencyOf(lean) })
  return {
    ...fitted,
    bias: fitted.bias.map((value, row) => value + lean * trend[row]!),
    tables,
  }
}
