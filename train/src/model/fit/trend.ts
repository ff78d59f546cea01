/**
 * The trend: what sells now compared with what used to sell. Biases and tables come from the whole log. How far they
 * should lean towards the end of the log depends on the shop.
 */
import { Breath } from '../../running/breath.js'
import type { Log } from '../log/log.js'
import { countItems, type Support } from '../log/support.js'
import type { Fitted, Trained } from './fitted.js'
import { tablesOf } from './shared.js'

/** The last part of the log that counts as "now", as a share of sessions. */
const LATEST = 0.1
/** Sessions added to both counts, so that small counts change little. */
const PRIOR = 3

/** Leans that are tried: how much of the trend is added to biases. 0 leaves biases as they were trained. */
export const LEANS = [0, 0.5, 1]

/** For a lean: in tables, the latest session counts e^recency times as much as the first. */
export const recencyOf = (lean: number) => 1 + 2 * lean

/**
 * The trend of each item: ln of its share in the latest sessions divided by its share in all sessions; 0 for rare
 * items. The support rule holds: if fewer than k people chose an item lately, it counts as not chosen at all.
 */
export function trendOf(log: Log, { rare, popularity }: Support, k: number): Float32Array {
  const { sessions, people } = countItems(log, Math.floor(log.sessions * (1 - LATEST)))
  return Float32Array.from(popularity, (count, row) => {
    if (rare[row]) return 0
    const recent = people[row]! < k ? 0 : sessions[row]!
    return Math.log((recent + PRIOR) / (LATEST * count + PRIOR))
  })
}

/** The training with biases and tables that lean as far as asked. The tables are made again from its log. */
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
