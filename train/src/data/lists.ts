/**
 * The lists that a log shows: which item stood where, and which were clicked. A log shows a list by its impressions, rows with
 * the event `view_item_list`: one for each item, with a `position` (from 0 or from 1) and, best, the `request_id` of the list.
 * Without it, the impressions of one session and `list` at the same time are one list.
 *
 * A click belongs to the list whose `request_id` it has. Without one, it belongs to the last list of the session that showed
 * the item within the last half hour.
 */
import type { Database } from './database.js'
import { IS_LOOK } from './events.js'
import type { Interactions } from './interactions.js'

/** Lists in the order of their times. */
export interface LoggedLists {
  /** Item ids, each once. `items` has indices of them. */
  ids: string[]
  /** First entry of each list in the arrays below, and the end: Uint32Array of lists + 1. */
  offsets: Uint32Array
  /** From the top down. */
  items: Uint32Array
  /** Position of each entry, from 0. */
  positions: Uint16Array
  /** 1 for what was clicked in the list. */
  clicked: Uint8Array
  /** Of each list: what the log calls it, such as `home`; '' where it has no name. */
  names: string[]
  /** Of each list: when it was shown, in the log's unit. */
  times: Float64Array
  /** Of each list: the session of the log in which it was shown, -1 where that has no event. */
  sessions: Int32Array
  /** Of each list: how many events of that session came before it. */
  before: Uint32Array
}

const IDLE_SECONDS = 30 * 60
/** Of a log with more entries in lists, so many are read, in whole lists drawn at random. */
const MOST_ENTRIES = 2_000_000

/**
 * Reads the table `impressions` and marks the clicks in the table `events`, whose new column `place` has the position in the
 * list. Call it before sessions are cut.
 * @returns whether the log shows lists
 */
export async function findLists(database: Database): Promise<boolean> {
  const [count] = await database.rows('SELECT count(*)::INTEGER AS n FROM impressions')
  if (Number(count!.n) === 0) return false
  const looks = IS_LOOK.flatMap((look, kind) => (look ? kind : []))
  await database.run(
    `CREATE TABLE shown AS
     WITH base AS (SELECT coalesce(min(position), 0) AS least FROM impressions),
       named AS (SELECT *, coalesce(request, key || chr(31) || coalesce(list, '') || chr(31) || t::VARCHAR) AS name FROM impressions),
       first AS (SELECT name, key, item, min(pos) AS pos, min(t) AS t, min(position) AS position, any_value(list) AS list
         FROM named GROUP BY ALL)
     SELECT name, key, item, t, list, least(65535, coalesce(position - least,
       row_number() OVER (PARTITION BY name, key ORDER BY pos) - 1))::INTEGER AS place FROM first, base`,
  )
  await database.run(
    `CREATE TABLE clicks AS
     WITH looks AS (SELECT pos, key, item, t, request FROM events WHERE coalesce(kind, ${looks[0]}) IN (${looks})),
       asked AS (SELECT pos, s.name, s.item, s.place FROM looks l JOIN shown s ON s.name = l.request AND s.item = l.item),
       latest AS (SELECT l.pos, l.t - s.t AS since, s.name, s.item, s.place
         FROM looks l ASOF JOIN shown s ON l.key = s.key AND l.item = s.item AND l.t >= s.t WHERE l.request IS NULL)
     SELECT pos, name, item, place FROM asked
     UNION ALL SELECT pos, name, item, place FROM latest WHERE since <= ${IDLE_SECONDS}`,
  )
  await database.run(
    `CREATE OR REPLACE TABLE events AS SELECT events.*, c.place
     FROM events LEFT JOIN (SELECT pos, min(place) AS place FROM clicks GROUP BY pos) c USING (pos)`,
  )
  return true
}

/**
 * The lists of the tables that `findLists` has made.
 * @param data the sessions of the same log, with their keys
 */
export async function readLists(
  database: Database,
  { offsets, times, keys }: Pick<Interactions, 'offsets' | 'times' | 'keys'>,
): Promise<LoggedLists> {
  const [counted] = await database.rows('SELECT count(*)::DOUBLE AS n FROM shown')
  const every = Math.max(1, Math.ceil(Number(counted!.n) / MOST_ENTRIES))
  const rows = await database.rows(
    `SELECT s.name, s.key, s.item, s.place, coalesce(s.list, '') AS list, min(s.t) OVER (PARTITION BY s.name, s.key) AS t,
       EXISTS (SELECT 1 FROM clicks c WHERE c.name = s.name AND c.item = s.item) AS clicked
     FROM shown s WHERE hash(s.name) % ${every} = 0 ORDER BY t, s.name, s.key, s.place, s.item`,
  )
  const ofKey = new Map<string, number[]>()
  keys!.forEach((key, session) => {
    const known = ofKey.get(key)
    if (known) known.push(session)
    else ofKey.set(key, [session])
  })
  /** The session of a key that is going on at a time, or begins soon after it. */
  const sessionAt = (key: string, t: number) =>
    (ofKey.get(key) ?? []).find(
      (s) => times[offsets[s]!]! - IDLE_SECONDS <= t && t <= times[offsets[s + 1]! - 1]! + IDLE_SECONDS,
    ) ?? -1
  const numbers = new Map<string, number>()
  const numberOf = (id: string) => {
    const number = numbers.get(id) ?? numbers.size
    numbers.set(id, number)
    return number
  }
  const starts: number[] = []
  const names: string[] = []
  const at: number[] = []
  const sessions: number[] = []
  const before: number[] = []
  const items = new Uint32Array(rows.length)
  const positions = new Uint16Array(rows.length)
  const clicked = new Uint8Array(rows.length)
  let last: string | undefined
  for (const [n, { name, key, item, place, list, t, clicked: click }] of rows.entries()) {
    const whole = `${name} ${key}`
    if (whole !== last) {
      const session = sessionAt(String(key), Number(t))
      starts.push(n)
      names.push(String(list))
      at.push(Number(t))
      sessions.push(session)
      let earlier = 0
      if (session >= 0) {
        const [start, end] = [offsets[session]!, offsets[session + 1]!]
        while (start + earlier < end && times[start + earlier]! < Number(t)) earlier++
      }
      before.push(earlier)
    }
    last = whole
    items[n] = numberOf(String(item))
    positions[n] = Number(place)
    clicked[n] = click ? 1 : 0
  }
  return {
    ids: [...numbers.keys()],
    offsets: Uint32Array.from([...starts, rows.length]),
    items,
    positions,
    clicked,
    names,
    times: Float64Array.from(at),
    sessions: Int32Array.from(sessions),
    before: Uint32Array.from(before),
  }
}
