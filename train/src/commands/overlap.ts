/**
 * Finds test sessions that the pack was trained on. A pack predicts sessions better if it has already seen them, so
 * figures on such sessions are too good.
 */
import type { Lineage } from '../../../worker/pack/manifest.js'
import type { Interactions } from '../data/interactions.js'

export interface Overlap {
  /** Test sessions of two events or more that are in the training log. */
  sessions: number
  /** Test sessions of two events or more. */
  of: number
  /** `train`: both logs were compared. `lineage`: the dates in the manifest were compared. */
  by: 'train' | 'lineage'
}

/**
 * If only dates are compared, a share up to this is no sign of an overlap. If a log is split at a point in time,
 * sessions that cross this point end later than the first sessions after it.
 */
const UNDER_WAY = 0.01

/** The manifest rounds the end of the training log up to a full minute. */
const ROUNDED_SECONDS = 60

/** @param train the training log, if given. It is more reliable than the dates in the manifest */
export function overlapOf(
  test: Interactions,
  train: Interactions | undefined,
  lineage: Lineage,
): Overlap | undefined {
  return train ? byContent(test, train) : byDates(test, lineage)
}

/**
 * Sessions with the same items at the same times. Session ids alone prove nothing, because many logs count them from
 * 0. If times are days or positions, different sessions may look equal, so the ids must be equal too.
 */
function byContent(test: Interactions, train: Interactions): Overlap {
  const withKeys = test.time !== 'real'
  const known = new Set<string>()
  for (const session of asked(train)) known.add(contentOf(train, session, withKeys))
  let sessions = 0
  let of = 0
  for (const session of asked(test)) {
    of++
    if (known.has(contentOf(test, session, withKeys))) sessions++
  }
  return { sessions, of, by: 'train' }
}

/** Sessions that ended before the training log did. The positions of two logs cannot be compared. */
function byDates(test: Interactions, lineage: Lineage): Overlap | undefined {
  const { until, from, time } = lineage
  if (until === undefined || time === 'order' || test.time === 'order') return undefined
  const first = from === null ? Number.NEGATIVE_INFINITY : Date.parse(from) / 1000
  let sessions = 0
  let of = 0
  for (const session of asked(test)) {
    of++
    const start = test.times[test.offsets[session]!]!
    const end = test.times[test.offsets[session + 1]! - 1]!
    if (start >= first && end <= until - ROUNDED_SECONDS) sessions++
  }
  return { sessions: sessions > UNDER_WAY * of ? sessions : 0, of, by: 'lineage' }
}

/** Sessions of two or more events: only these are evaluated. */
function* asked({ offsets }: Interactions): Generator<number> {
  for (let s = 0; s + 1 < offsets.length; s++) if (offsets[s + 1]! - offsets[s]! > 1) yield s
}

function contentOf(
  { offsets, rows, ids, times, keys }: Interactions,
  session: number,
  withKey: boolean,
): string {
  const parts: (string | number)[] = withKey ? [keys?.[session] ?? ''] : []
  for (let e = offsets[session]!; e < offsets[session + 1]!; e++) parts.push(ids[rows[e]!]!, times[e]!)
  return JSON.stringify(parts)
}

/** One line that says what is wrong and what to do; undefined if there is no overlap. */
export function overlapWarning(overlap: Overlap | undefined): string | undefined {
  if (!overlap || overlap.sessions === 0) return undefined
  const { sessions, of, by } = overlap
  const count = `${sessions.toLocaleString('en')} of ${of.toLocaleString('en')} test sessions`
  return by === 'train'
    ? `Warning: ${count} are also in the training log, so the figures are too good. Evaluate on sessions that the pack was not trained on, such as later days.`
    : `Warning: ${count} ended before the pack's training log did, so the pack was probably trained on them and the figures are too good. ` +
        'Evaluate on later days, or give the training log with --train to be sure.'
}
