/**
 * What sells now and what used to. Biases and tables come from the whole log; how far they should lean to its end is a
 * matter of the shop.
 */
import { Breath } from '../../running/breath.js'
import type { Log } from '../log/log.js'
import { countItems, type Support } from '../log/support.js'
import { pairRows } from '../tables/cooccurrence.js'
import { TABLES, TableBuilder } from '../tables/tables.js'
import type { Trained } from './cut-short.js'
import type { Fitted } from './fit.js'

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
  const builders = TABLES.map((name) => new TableBuilder(name, log.items, k, fitted.support.rare))
  const breath = new Breath(signal)
  for (const pairs of pairRows(log, recencyOf(lean))) {
    for (const builder of builders) builder.add(pairs)
    if (breath.due()) await breath.take()
  }
  return {
    ...fitted,
    bias: fitted.bias.map((value, row) => value + lean * trend[row]!),
    tables: builders.map((builder) => builder.table()),
  }
}
