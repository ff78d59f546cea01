/** Items that are new in the shop: nobody saw them before the last part of the log. The support rule holds as everywhere. */
import type { Log } from '../log/log.js'
import { countItems } from '../log/support.js'

/** The last part of the log, as a share of sessions. */
const LATEST = 0.2
const MOST = 200

/**
 * @param popularity of each row; rows of 0 are not shown
 * @returns rows, those that most have seen first
 */
export function freshOf(log: Log, popularity: Uint32Array, k: number): Uint32Array {
  const from = log.offsets[Math.floor(log.sessions * (1 - LATEST))]!
  const old = new Set(log.rows.subarray(0, from))
  const { people, sessions } = countItems(log)
  return Uint32Array.from(sessions.keys())
    .filter((row) => !old.has(row) && people[row]! >= Math.max(1, k) && popularity[row]! > 0)
    .sort((a, b) => sessions[b]! - sessions[a]! || a - b)
    .subarray(0, MOST)
}
