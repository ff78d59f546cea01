/**
 * Finds sessions that no customer had: scrapers, monitors, and ids that many visitors share ("undefined"). Each rule
 * compares a session with the other sessions of this shop, so the long baskets of a wholesaler are compared with
 * those of a wholesaler.
 *
 * - pace: page after page within a second, in a shop where visitors take many seconds;
 * - sweep: more than three times as long as the 99 % quantile, almost no item twice, and in the order of the ids;
 * - length: more than ten times as long as the 99 % quantile.
 *
 * If several looks have the same time, the order of the ids may come from the export. Then it is no sign of a
 * machine.
 *
 * Only looks count, because an order with a thousand lines is not a sign of haste. Rows that were written at one
 * moment are an order, whatever the log calls them.
 */
import { IS_LOOK } from '../events.js'
import type { Draft } from '../sessions.js'

export interface Machine {
  session: number
  why: 'pace' | 'sweep' | 'length'
  /** A description for people. */
  what: string
}

/** With fewer looks than this, pace and sweep cannot be judged. */
const LOOKS = 30
/** Median seconds from look to look: at most this for a machine, and at least this in the shop as a whole. */
const HASTE = 1
const CALM = 5
/** Sessions needed before the 99 % quantile of their length means something. */
const SESSIONS = 100
const LONG = 3
const ENDLESS = 10
/**
 * Smallest share of looks at items that are new in the session, and of steps up (or down) the ids, that make a sweep.
 */
const FRESH = 0.95
const SORTED = 0.95
/** A session with at most this many different times was written at one moment. */
const MOMENTS = 3

/**
 * @param gone 1 for events that are already removed
 * @param ids by row
 * @param paced whether the seconds between events mean something
 */
export function findMachines(
  draft: Draft,
  gone: Uint8Array,
  ids: readonly string[],
  paced: boolean,
): Machine[] {
  const { starts } = draft
  const looksOf = (s: number) => {
    const looks: number[] = []
    for (let e = starts[s]!; e < starts[s + 1]!; e++) if (!gone[e] && IS_LOOK[draft.kinds[e]!]) looks.push(e)
    return looks
  }
  const lengths: number[] = []
  const paces: number[] = []
  for (let s = 0; s + 1 < starts.length; s++) {
    if (starts[s + 1]! - starts[s]! < 2) continue
    const looks = looksOf(s)
    if (looks.length < 2) continue
    lengths.push(looks.length)
    if (paced) paces.push(paceOf(draft, looks).median)
  }
  // With too few sessions the distribution is unknown, so no session counts as long.
  const usual = lengths.length < SESSIONS ? Infinity : quantile(lengths, 0.99)
  const calm = paced && quantile(paces, 0.5) >= CALM

  const found: Machine[] = []
  for (let s = 0; s + 1 < starts.length; s++) {
    if (starts[s + 1]! - starts[s]! < LOOKS) continue
    const looks = looksOf(s)
    const n = looks.length
    const { median, moments } = paceOf(draft, looks)
    if (n < LOOKS || moments <= MOMENTS) continue
    const rows = looks.map((e) => draft.rows[e]!)
    if (calm && moments >= LOOKS && median <= HASTE) {
      found.push({
        session: s,
        why: 'pace',
        what: `a session of ${n} looks, the median ${shown(median)} s apart`,
      })
    } else if (paced && n > LONG * usual && sweeps(rows, ids)) {
      found.push({ session: s, why: 'sweep', what: `a session of ${n} looks in the order of the ids` })
    } else if (n > ENDLESS * usual) {
      const what = `a session of ${n} looks, while only one in a hundred has more than ${Math.round(usual)}`
      found.push({ session: s, why: 'length', what })
    }
  }
  return found
}

/** Median seconds between different times, and the number of different times. */
function paceOf({ times }: Draft, looks: readonly number[]): { median: number; moments: number } {
  const gaps: number[] = []
  for (let i = 1; i < looks.length; i++) {
    const gap = times[looks[i]!]! - times[looks[i - 1]!]!
    if (gap > 0) gaps.push(gap)
  }
  return { median: gaps.length > 0 ? quantile(gaps, 0.5) : 0, moments: gaps.length + 1 }
}

const order = new Intl.Collator('en', { numeric: true })

function sweeps(rows: readonly number[], ids: readonly string[]): boolean {
  if (new Set(rows).size < FRESH * rows.length) return false
  let up = 0
  for (let i = 1; i < rows.length; i++) if (order.compare(ids[rows[i - 1]!]!, ids[rows[i]!]!) < 0) up++
  const steps = rows.length - 1
  return up >= SORTED * steps || up <= (1 - SORTED) * steps
}

function quantile(values: number[], q: number): number {
  if (values.length === 0) return 0
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.ceil(q * sorted.length) - 1]!
}

function shown(seconds: number): string {
  return seconds.toFixed(seconds < 0.1 ? 3 : 1)
}
