/**
 * Which rows of a log are events of an item, and when they happened. Everything is judged in SQL: `cells` (text) becomes
 * `events` (pos, key, item, person, kind, quantity, t), and what is no event is a flaw with its reason, or is left out
 * because it is no step of a session (an impression, a search, a return). Returns are kept apart, in `returns`.
 */
import {
  EVENT_NAMES,
  isStep,
  relativeToView,
  signalOf,
  strengthOf,
} from '../../../worker/feedback/signals.js'
import type { EventName } from '../../../worker/protocol.js'
import type { Opened } from './cells.js'
import type { Database } from './database.js'
import { literal } from './database.js'
import { type BadRows, judgeFlaws } from './flaws.js'
import { numberOf, secondsOf, TIMESTAMP_FLAW } from './time.js'

export interface Judged {
  rows: number
  bad: BadRows
  /** Sound rows that are no step of a session, by what they are. */
  leftOut: Record<string, number>
  /** Whether timestamps are numbers too small for times: positions in the log. */
  orderOnly: boolean
}

/** What an event may be; tables and arrays hold the place in this list. */
export const KINDS: readonly EventName[] = [...EVENT_NAMES]
export const KIND_OF = Object.fromEntries(KINDS.map((name, kind) => [name, kind])) as Readonly<
  Record<EventName, number>
>

/** By kind: whether it is a look at one item and no more. */
export const IS_LOOK: readonly boolean[] = KINDS.map((name) => relativeToView(strengthOf(name)) === 1)

/** Longest item id, in bytes. */
const LONGEST_ID = 512
/** 1990 and 2100 in unix seconds: no log of a shop lies outside. */
const EARLIEST = 631_152_000
const LATEST = 4_102_444_800
/** Share of small numbers from which on they are positions, and not mistakes. */
const MOSTLY = 0.95
/** Different event types that a column of them may plausibly hold. */
const MOST_TYPES = 10_000

/**
 * @param key the column that tells sessions apart: `session_id`, or `user_id` where there is none
 * @throws when more than 5 % of the rows are bad, or none is left
 */
export async function judgeEvents(
  database: Database,
  key: 'session_id' | 'user_id',
  files: readonly Opened[],
): Promise<Judged> {
  await nameSignals(database)
  const empty = (column: string) => `coalesce(trim(${column}), '') = ''`
  await database.run(
    `CREATE TABLE checked AS
     SELECT pos, ${key} AS key, item_id AS item, user_id AS person, kind,
       try_cast(quantity AS DOUBLE) AS quantity,
       ${secondsOf('timestamp')} AS t,
       CASE WHEN flaw IS NOT NULL THEN NULL
         WHEN step = false THEN signal
         WHEN try_cast(quantity AS DOUBLE) < 0 THEN 'refund' END AS left_out,
       CASE WHEN flaw IS NOT NULL THEN flaw
         WHEN left_out IS NOT NULL THEN NULL
         WHEN signal IS NULL AND NOT ${empty('event_type')} THEN 'event_type {} is not known'
         WHEN ${empty(key)} THEN '${key} is empty'
         WHEN ${empty('item_id')} THEN 'item_id is empty'
         WHEN strlen(item_id) > ${LONGEST_ID} THEN 'item_id {} is longer than ${LONGEST_ID} bytes'
         WHEN ${empty('timestamp')} THEN 'timestamp is empty'
         WHEN t IS NULL THEN '${TIMESTAMP_FLAW}' END AS reason,
       CASE WHEN reason IS NULL THEN NULL
         WHEN flaw IS NOT NULL THEN detail
         WHEN starts_with(reason, 'event_type') THEN event_type
         WHEN starts_with(reason, 'item_id') THEN item_id
         ELSE timestamp END AS detail,
       t < ${EARLIEST} AND ${numberOf('timestamp')} IS NOT NULL AS small
     FROM cells LEFT JOIN signals ON cells.event_type = signals.name`,
  )
  await database.run('DROP TABLE cells')
  const orderOnly = await judgeTimes(database)

  const [count] = await database.rows('SELECT count(*)::INTEGER AS n FROM checked')
  const rows = Number(count!.n)
  const bad = await judgeFlaws(database, 'checked', rows, files)
  const leftOut = await database.rows(
    'SELECT left_out, count(*)::INTEGER AS n FROM checked WHERE left_out IS NOT NULL GROUP BY ALL ORDER BY ALL',
  )
  await database.run(
    `CREATE TABLE events AS SELECT pos, key, item, person, kind, quantity, t FROM checked
     WHERE reason IS NULL AND left_out IS NULL`,
  )
  await database.run(
    `CREATE TABLE returns AS SELECT pos, key, item, person, abs(quantity) AS quantity, t FROM checked
     WHERE left_out = 'refund' AND NOT ${empty('item')} AND t IS NOT NULL`,
  )
  await database.run('DROP TABLE checked')
  return {
    rows,
    bad,
    leftOut: Object.fromEntries(leftOut.map((row) => [String(row.left_out), Number(row.n)])),
    orderOnly,
  }
}

/** What the log's event types mean, as a table to join: the one vocabulary is the engine's. */
async function nameSignals(database: Database): Promise<void> {
  await database.run('CREATE TABLE signals (name VARCHAR, signal VARCHAR, step BOOLEAN, kind UTINYINT)')
  const types = await database.rows(
    `SELECT DISTINCT event_type FROM cells WHERE flaw IS NULL AND event_type IS NOT NULL LIMIT ${MOST_TYPES}`,
  )
  const rows = types.flatMap((row) => {
    const name = String(row.event_type)
    const signal = signalOf(name)
    if (signal === undefined || !EVENT_NAMES.has(signal)) return []
    return [`(${literal(name)}, '${signal}', ${isStep(signal)}, ${KIND_OF[signal]})`]
  })
  if (rows.length > 0) await database.run(`INSERT INTO signals VALUES ${rows.join(', ')}`)
}

/** Positions, or times? In a log of times, those outside of any shop's life are flaws. */
async function judgeTimes(database: Database): Promise<boolean> {
  const [counts] = await database.rows(
    `SELECT count(*)::DOUBLE AS n, (count(*) FILTER (small))::DOUBLE AS small FROM checked
     WHERE reason IS NULL AND left_out IS NULL`,
  )
  const { n, small } = counts as { n: number; small: number }
  if (n > 0 && small >= MOSTLY * n) {
    await database.run(
      `UPDATE checked SET reason = 'timestamp {} is a time where the others are positions', detail = t::VARCHAR
       WHERE reason IS NULL AND left_out IS NULL AND NOT small`,
    )
    return true
  }
  await database.run(
    `UPDATE checked SET reason = 'timestamp {} lies before 1990 or after 2100', detail = t::VARCHAR
     WHERE reason IS NULL AND left_out IS NULL AND NOT (t BETWEEN ${EARLIEST} AND ${LATEST})`,
  )
  return false
}
