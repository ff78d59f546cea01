/**
 * Finds rows that add nothing: the same row again, and a page that was loaded again.
 *
 * A visitor who comes back to an item gives real evidence; in some shops that is a quarter of all steps. So a repeat
 * counts as an error only where its time shows it: at exactly the same time or, where time is real, within the few
 * seconds in which the engine on the device also counts two views as one.
 */
import { BOUNCE_MS } from '../../../../worker/feedback/signals.js'
import { IS_LOOK, KINDS } from '../events.js'
import type { Draft } from '../sessions.js'

const SECONDS = BOUNCE_MS / 1000
/** Largest share of sessions that may have two items at the same time. Above it, times do not distinguish steps. */
const TIED = 0.2

/**
 * Whether looks at different items mostly have different times. They do not if the times are days, whole minutes, or
 * only the time of an order. (Items that are bought together have the same time in every log.)
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
 * Marks repeats in `gone`. The first row of several equal ones stays.
 * @param real whether the seconds between events mean something
 * @returns indices of the events
 */
export function findRepeats(
  { starts, rows, kinds, times }: Draft,
  real: boolean,
  gone: Uint8Array,
): { duplicates: number[]; refreshes: number[] } {
  const duplicates: number[] = []
  const refreshes: number[] = []
  const same = (a: number, b: number) => rows[a] === rows[b] && kinds[a] === kinds[b]
  /** Item and type of each event at this moment of this session. */
  const moment = new Set<number>()
  for (let s = 0; s + 1 < starts.length; s++) {
    /** The last event that is not a duplicate. */
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
      // Compared with the event before, even if that was a refresh itself: a page loaded ten times is one look.
      if (real && last >= 0 && same(last, e) && times[e]! - times[last]! < SECONDS) {
        gone[e] = 1
        refreshes.push(e)
      }
      last = e
    }
  }
  return { duplicates, refreshes }
}
