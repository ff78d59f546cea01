/**
 * Timestamps: unix seconds, milliseconds or microseconds (recognised by their size), or ISO 8601 (UTC if there is no
 * zone). Times are classified before anything is computed from them, because not all of them mean the same:
 *
 * - `real`: dwell times, gaps, idle cuts, hours and weekdays mean something.
 * - `day`: almost all sessions begin at the same second of the hour, because the times are days (or whole hours) and
 *   the clicks are counted from there. Only the days are real.
 * - `order`: the numbers are too small to be times. They only say which event came first.
 */
import type { Database } from './database.js'
import type { Interactions } from './interactions.js'

export const TIMESTAMP_FLAW = 'timestamp {} is not a unix time or ISO date'

/** With fewer sessions, a common start second may be chance. */
const MANY_SESSIONS = 20
const SAME_START = 0.95

/** SQL: the number in a timestamp, or NULL. */
export function numberOf(column: string): string {
  return `CASE WHEN isfinite(try_cast(${column} AS DOUBLE)) THEN try_cast(${column} AS DOUBLE) END`
}

/** SQL: seconds since 1970 (or the position, in a log with positions), or NULL if the text is not a time. */
export function secondsOf(column: string): string {
  const n = numberOf(column)
  return `CASE WHEN ${n} IS NOT NULL
      THEN ${n} / CASE WHEN abs(${n}) >= 1e14 THEN 1e6 WHEN abs(${n}) >= 1e11 THEN 1e3 ELSE 1 END
    WHEN regexp_matches(${column}, '^\\s*\\d{4}-\\d{2}-\\d{2}') THEN epoch(try_cast(${column} AS TIMESTAMPTZ)) END`
}

/** Classifies the times of the table `events` (key, t). */
export async function classifyTime(database: Database, orderOnly: boolean): Promise<Interactions['time']> {
  if (orderOnly) return 'order'
  const [found] = await database.rows(
    `WITH starts AS (SELECT min(t) % 3600 AS second FROM events GROUP BY key),
       same AS (SELECT count(*) AS n FROM starts GROUP BY second)
     SELECT (SELECT count(*) FROM starts)::DOUBLE AS keys, (SELECT max(n) FROM same)::DOUBLE AS alike,
       (SELECT bool_and(t % 86400 = 0) FROM events) AS midnight`,
  )
  const { keys, alike, midnight } = found as { keys: number; alike: number; midnight: boolean }
  if (midnight || (keys >= MANY_SESSIONS && alike >= SAME_START * keys)) return 'day'
  return 'real'
}
