/**
 * Rows that say nothing new: the same row again, and a page that was loaded again.
 *
 * Coming back to an item is evidence, and in some shops a quarter of all steps. So a repeat is only taken for a slip
 * where the times show it: at the very same time, or, where time is real, within the seconds in which the engine on the
 * device takes two views for one too.
 */
import { BOUNCE_MS } from '../../../../worker/feedback/signals.js'
import { IS_LOOK, KINDS } from '../events.js'
import type { Draft } from '../sessions.js'

const SECONDS = BOUNCE_MS / 1000
/** Share of sessions in which two items may have the same time before times tell nothing apart. */
const TIED = 0.2

/**
 * Whether looks at different items mostly have different times: not where these are days, whole minutes, or an order's.
 * (What is bought together has one time in every log.)
 */
export function timesTellApart({ starts, rows, kinds, times }: Draft): boolean {
  let sessions = 0
  let tied = 0
  for (let s = 0; s + 1 < starts.length; s++) {
    let several = false
    let tie = false
    let last = -1
    for (let e = starts[s]!; e < starts[s + 1]!; e++) {
      if (!IS_LOOK[kinds[e]!]) continue
      if (last >= 0 && rows[e] !== rows[last]) {
        several = true
        tie ||= times[e] === times[last]
      }
      last = e
    }
    if (several) sessions++
    if (tie) tied++
  }
  return tied <= TIED * sessions
}

/**
 * Marks repeats in `gone`. The first of them stays.
 * @param real whether seconds between events mean something
 * @returns places of the events
 */
export function findRepeats(
  { starts, rows, kinds, times }: Draft,
  real: boolean,
  gone: Uint8Array,
): { duplicates: number[]; refreshes: number[] } {
  const duplicates: number[] = []
  const refreshes: number[] = []
  const same = (a: number, b: number) => rows[a] === rows[b] && kinds[a] === kinds[b]
  /** What there was at this moment of this session. */
  const moment = new Set<number>()
  for (let s = 0; s + 1 < starts.length; s++) {
    /** The last event that is no duplicate. */
    let last = -1
    for (let e = starts[s]!; e < starts[s + 1]!; e++) {
      if (last < 0 || times[e] !== times[last]) moment.clear()
      const what = rows[e]! * KINDS.length + kinds[e]!
      if (moment.has(what)) {
        gone[e] = 1
        duplicates.push(e)
        continue
      }
      moment.add(what)
      // Against the one before, though that was a slip itself: a page loaded ten times is one look.
      if (real && last >= 0 && same(last, e) && times[e]! - times[last]! < SECONDS) {
        gone[e] = 1
        refreshes.push(e)
      }
      last = e
    }
  }
  return { duplicates, refreshes }
}
