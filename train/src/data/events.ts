/**
 * Decides which rows of a log are events of an item, and when they happened. All of this is done in SQL: `cells`
 * (text) becomes `events` (pos, key, item, person, kind, quantity, t). Bad rows get a reason. Rows that are not a
 * step of a session (an impression, a search, a return) are left out and counted. Returns are kept in the table
 * `returns`, impressions in `impressions`.
 */
import { EVENT_NAMES, isLook, isStep, signalOf } from '../../../worker/feedback/signals.js'
import type { EventName } from '../../../worker/protocol.js'
import type { Opened } from './cells.js'
import type { Database } from './database.js'
import { literal } from './database.js'
import { type BadRows, judgeFlaws } from './flaws.js'
import { numberOf, secondsOf, TIMESTAMP_FLAW } from './time.js'

export interface Judged {
  rows: number
  bad: BadRows
  /** Good rows that are not a step of a session, counted by event. */
  leftOut: Record<string, number>
  /** Whether the timestamps are too small to be times. Then they are positions in the log. */
  orderOnly: boolean
}

/** The possible events. Tables and arrays store the index in this list. */
export const KINDS: readonly EventName[] = [...EVENT_NAMES]
export const KIND_OF = Object.fromEntries(KINDS.map((name, kind) => [name, kind])) as Readonly<
  Record<EventName, number>
>

/** By kind: whether the event is only a look at one item. */
export const IS_LOOK: readonly boolean[] = KINDS.map(isLook)

/** Longest item id, in bytes. */
const LONGEST_ID = 512
/** 1990 and 2100 in unix seconds. No shop's log lies outside. */
const EARLIEST = 631_152_000
const LATEST = 4_102_444_800
/** From this share of small numbers on they are positions and not errors. */
const MOSTLY = 0.95
/** Largest number of different event types that is plausible. */
const MOST_TYPES = 10_000

/**
 * @param key the column that tells sessions apart: `session_id`, or `user_id` if there is none
 * @throws when more than 5 % of the rows are bad, or no row is left
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
       try_cast(position AS UINTEGER) AS position, trim(list) AS list, nullif(trim(request_id), '') AS request,
       ${secondsOf('timestamp')} AS t,
       CASE WHEN flaw IS NOT NULL THEN NULL
         WHEN step = false THEN signal
         WHEN try_cast(quantity AS DOUBLE) < 0 THEN 'refund' END AS left_out,
       CASE WHEN flaw IS NOT NULL THEN flaw
         WHEN left_out IS NOT NULL THEN NULL
         WHEN signal IS NULL AND NOT ${empty('event_type')} THEN 'event_type {} is unknown'
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
    `CREATE TABLE events AS SELECT pos, key, item, person, kind, quantity, t, position, list, request FROM checked
     WHERE reason IS NULL AND left_out IS NULL`,
  )
  await database.run(
    `CREATE TABLE returns AS SELECT pos, key, item, person, abs(quantity) AS quantity, t FROM checked
     WHERE left_out = 'refund' AND NOT ${empty('item')} AND t IS NOT NULL`,
  )
  await database.run(
    `CREATE TABLE impressions AS SELECT pos, key, item, t, position, list, request FROM checked
     WHERE left_out = 'view_item_list' AND NOT ${empty('item')} AND NOT ${empty('key')} AND t IS NOT NULL`,
  )
  await database.run('DROP TABLE checked')
  return {
    rows,
    bad,
    leftOut: Object.fromEntries(leftOut.map((row) => [String(row.left_out), Number(row.n)])),
    orderOnly,
  }
}

/** The meaning of the log's event types, as a table to join. The vocabulary is the engine's, so that both agree. */
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

/** Decides whether the timestamps are positions or times. In a log of times, times that no shop can have are flaws. */
async function judgeTimes(database: Database): Promise<boolean> {
  const [counts] = await database.rows(
    `SELECT count(*)::DOUBLE AS n, (count(*) FILTER (small))::DOUBLE AS small FROM checked
     WHERE reason IS NULL AND left_out IS NULL`,
  )
  const { n, small } = counts as { n: number; small: number }
  if (n > 0 && small >= MOSTLY * n) {
    await database.run(
      `UPDATE checked SET reason = 'timestamp {} is a time, but the others are positions', detail = t::VARCHAR
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
