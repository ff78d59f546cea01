/**
 * What a pack shows to a visitor of whom nothing is known. How fast counts decay, and whether new items get places of their
 * own, is chosen on the latest sessions: which lists have the item that a visit begins with?
 */
import { woven } from '../../../../worker/rank/woven.js'
import type { Openers } from '../../pack/content.js'
import { type Log, sliceLog } from '../log/log.js'
import { freshOf } from './fresh.js'
import { firsts, trendingOf } from './trending.js'

/** Share of sessions, the latest, to choose on. With fewer than LEAST of them nothing is chosen. */
const HELD_OUT = 0.1
const LEAST = 100
/** Half-lives that are tried, as shares of the log. The longest is taken that reaches ENOUGH of the best. */
const HALF_LIVES = [1, 0.5, 0.2, 0.1, 0.05]
const ENOUGH = 0.97

/** @param popularity of each row in the pack; rows of 0 are not shown */
export function openersOf(log: Log, popularity: Uint32Array, k: number): Openers {
  const cut = Math.floor(log.sessions * (1 - HELD_OUT))
  const before = sliceLog(log, 0, cut)
  const asked = firsts(sliceLog(log, cut, log.sessions)).rows
  const made = (halfLife: number, part = log) => trendingOf(part, popularity, k, halfLife)
  if (asked.length < LEAST) return { trending: made(HALF_LIVES[0]!), fresh: new Uint32Array() }
  const tried = HALF_LIVES.map((halfLife) => {
    const list = made(halfLife, before)
    return { halfLife, list, worth: worthOf(list, asked) }
  })
  const best = Math.max(...tried.map(({ worth }) => worth))
  const { halfLife, list, worth } = tried.find(({ worth }) => worth >= ENOUGH * best)!
  const withNew = woven(list, [...freshOf(before, popularity, k)], LENGTH).map(({ entry }) => entry)
  return {
    trending: made(halfLife),
    fresh: worthOf(withNew, asked) > worth ? freshOf(log, popularity, k) : new Uint32Array(),
  }
}

const LENGTH = 20

/** Recall@20 + NDCG@10 of one list for everybody. */
function worthOf(list: ArrayLike<number>, asked: Uint32Array): number {
  const place = new Map(Array.from(list, (row, i) => [row, i] as const).slice(0, LENGTH))
  let worth = 0
  for (const row of asked) {
    const at = place.get(row)
    if (at !== undefined) worth += 1 + (at < 10 ? 1 / Math.log2(at + 2) : 0)
  }
  return worth / asked.length
}
