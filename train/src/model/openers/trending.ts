/**
 * The items that visits begin with lately. A look at an item counts half, and that a visit began with it the other half.
 *
 * Counts decay in blocks: the log is cut from its end into blocks of one half-life, and each block counts half as much as
 * the one after it. The support rule holds in every block: what fewer than k people did there counts as not done.
 */
import { type Log, sliceLog } from '../log/log.js'
import { countItems } from '../log/support.js'

/** Earlier blocks would change no order. */
const BLOCKS = 10
const MOST = 1000

/**
 * @param halfLife as a share of the log's sessions
 * @param popularity of each row; rows of 0 are not shown
 * @returns rows, the likeliest first
 */
export function trendingOf(log: Log, popularity: Uint32Array, k: number, halfLife: number): Uint32Array {
  const begun = counts(firsts(log), k, halfLife)
  const seen = counts(log, k, halfLife)
  const score = seen.map((share, row) => (popularity[row]! > 0 ? share + begun[row]! : 0))
  return Uint32Array.from(score.keys())
    .filter((row) => score[row]! > 0)
    .sort((a, b) => score[b]! - score[a]! || popularity[b]! - popularity[a]! || a - b)
    .subarray(0, MOST)
}

/** Each session's first event alone. */
export function firsts(log: Log): Log {
  const places = log.offsets.subarray(0, log.sessions)
  return {
    ...log,
    offsets: Uint32Array.from({ length: log.sessions + 1 }, (_, s) => s),
    rows: Uint32Array.from(places, (place) => log.rows[place]!),
    weights: Float32Array.from(places, (place) => log.weights[place]!),
  }
}

/** Decayed counts of the rows, as shares of their sum. */
function counts(log: Log, k: number, halfLife: number): Float64Array {
  const sums = new Float64Array(log.items)
  const size = Math.max(1, Math.round(halfLife * log.sessions))
  for (let block = 0, end = log.sessions; end > 0 && block < BLOCKS; block++, end -= size) {
    const { sessions, people } = countItems(sliceLog(log, Math.max(0, end - size), end))
    for (let row = 0; row < log.items; row++) {
      if (people[row]! >= Math.max(1, k)) sums[row]! += sessions[row]! * 2 ** -block
    }
  }
  const total = sums.reduce((sum, count) => sum + count, 0)
  return total > 0 ? sums.map((count) => count / total) : sums
}
