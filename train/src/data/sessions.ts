/** Streams events from the database in the order of (session, time), and cuts them into sessions. */
import { relativeToView, type Strengths, strengthOf } from '../../../worker/feedback/signals.js'
import type { Database } from './database.js'
import { KIND_OF, KINDS } from './events.js'
import type { Interactions } from './interactions.js'

/** A visit ends after this many seconds without an event. */
const IDLE_SECONDS = 30 * 60

export interface CutOptions {
  /** Also cut after IDLE_SECONDS without an event, for logs whose key is a person. */
  idle: boolean
  /** Whether the log names people. */
  people: boolean
  /** Numbers of people by `user_id` from other logs. People of this log are added. */
  numbers?: Map<string, number> | undefined
  /** Keep the key of each session. */
  keys?: boolean | undefined
  /** Whether the table `events` has a column `place`: the position in the list in which the item was clicked. */
  places?: boolean | undefined
  /** Strengths of signals; by default the engine's. */
  strengths?: Strengths | undefined
  events: number
  /** Returns which events to remove: 1 in a Uint8Array with one entry per event of the draft. */
  clean?: ((draft: Draft) => Promise<Uint8Array>) | undefined
  signal?: AbortSignal | undefined
}

type Sessions = Omit<Interactions, 'ids' | 'time'>

/** Sessions as they were read, in the order of their first rows in the log. */
export interface Draft {
  /** First event of each session, and the total. */
  starts: number[]
  /** Code of each session's key in the table `keys`. */
  codes: number[]
  rows: Uint32Array
  /** Index in KINDS. */
  kinds: Uint8Array
  times: Float64Array
  /** Position in the list in which the item was clicked, from 0; -1 if in none. Absent if the log shows no lists. */
  places?: Int32Array | undefined
  /** Events that stand in the log before an earlier event of their session. */
  outOfOrder: number
}

/**
 * Reads the tables `events` (pos, key, item, person, kind, t) and `items` (item, row). Events with the same time keep
 * the order of their rows in the log.
 */
export async function cutSessions(database: Database, options: CutOptions): Promise<Sessions> {
  const { events, idle, signal, places: placed, strengths } = options
  // In the order of the log, so that every run gives the same examples.
  await database.run(
    `CREATE TABLE keys AS SELECT key, row_number() OVER (ORDER BY min(pos)) AS code FROM events GROUP BY key`,
  )
  await database.run(
    `CREATE TABLE people AS SELECT person, (row_number() OVER (ORDER BY person) - 1)::INTEGER AS code
     FROM (SELECT DISTINCT person FROM events WHERE coalesce(trim(person), '') <> '')`,
  )
  const rows = new Uint32Array(events)
  const kinds = new Uint8Array(events)
  const times = new Float64Array(events)
  const places = placed ? new Int32Array(events) : undefined
  /** For each session: first event, key, time and position of the last event, person. */
  const starts: number[] = []
  const codes: number[] = []
  const lastTimes: number[] = []
  const lastPlaces: number[] = []
  const persons: number[] = []

  const result = await database.connection.stream(
    `SELECT keys.code::DOUBLE, items.row, t, coalesce(kind, ${KIND_OF.view_item}), coalesce(people.code, -1), pos::DOUBLE,
       ${placed ? 'coalesce(place, -1)' : '-1'}
     FROM events JOIN keys USING (key) JOIN items USING (item) LEFT JOIN people USING (person)
     ORDER BY keys.code, t, pos`,
  )
  let n = 0
  let key = -1
  let outOfOrder = 0
  for (;;) {
    const chunk = await result.fetchChunk()
    signal?.throwIfAborted()
    if (!chunk || chunk.rowCount === 0) break
    const [keys, items, seconds, events, people, positions, shown] = [0, 1, 2, 3, 4, 5, 6].map((c) =>
      chunk.getColumnValues(c),
    ) as [number[], number[], number[], number[], number[], number[], number[]]
    for (let i = 0; i < chunk.rowCount; i++, n++) {
      const t = seconds[i]!
      if (keys[i] !== key || (idle && t - times[n - 1]! > IDLE_SECONDS)) {
        key = keys[i]!
        starts.push(n)
        codes.push(key)
        persons.push(people[i]!)
      }
      const session = starts.length - 1
      if (positions[i]! < lastPlaces[session]!) outOfOrder++
      lastTimes[session] = t
      lastPlaces[session] = positions[i]!
      if (persons[session]! < 0) persons[session] = people[i]!
      rows[n] = items[i]!
      kinds[n] = events[i]!
      times[n] = t
      if (places) places[n] = shown[i]!
    }
  }
  starts.push(n)
  const draft: Draft = { starts, codes, rows, kinds, times, places, outOfOrder }
  const gone = (await options.clean?.(draft)) ?? new Uint8Array(n)
  const order = Uint32Array.from(lastTimes.keys())
    .filter((session) => gone.subarray(starts[session], starts[session + 1]).includes(0))
    .sort((a, b) => lastTimes[a]! - lastTimes[b]! || lastPlaces[a]! - lastPlaces[b]!)
  const sorted = {
    ...rearrange(order, draft, gone, strengths),
    ...(options.keys && { keys: await keysOf(database, order, codes) }),
  }
  if (!options.people) return { ...sorted, users: null }
  const numbers = options.numbers && (await numberPeople(database, options.numbers))
  return { ...sorted, users: usersOf(order, numbers ? persons.map((code) => numbers[code] ?? -1) : persons) }
}

/** The sessions in the given order, without removed events, and with the strength of each event. */
function rearrange(
  order: Uint32Array,
  { starts, rows, kinds, times, places }: Draft,
  gone: Uint8Array,
  table?: Strengths,
): Omit<Sessions, 'users' | 'keys'> {
  const strengths = Float32Array.from(KINDS, (kind) => relativeToView(strengthOf(kind, table), table))
  const left = gone.length - gone.reduce((sum, mark) => sum + mark, 0)
  const sorted = {
    offsets: new Uint32Array(order.length + 1),
    rows: new Uint32Array(left),
    weights: new Float32Array(left),
    times: new Float64Array(left),
    ...(kinds.includes(KIND_OF.purchase) && { bought: new Uint8Array(left) }),
    ...(places && { places: new Int32Array(left) }),
  }
  let at = 0
  for (const [place, session] of order.entries()) {
    sorted.offsets[place] = at
    for (let e = starts[session]!; e < starts[session + 1]!; e++) {
      if (gone[e]) continue
      sorted.rows[at] = rows[e]!
      sorted.weights[at] = strengths[kinds[e]!]!
      if (sorted.bought) sorted.bought[at] = Number(kinds[e] === KIND_OF.purchase)
      if (places) sorted.places![at] = places[e]!
      sorted.times[at++] = times[e]!
    }
  }
  sorted.offsets[order.length] = at
  return sorted
}

/** The keys of the sessions in the given order. Codes start at 1. */
async function keysOf(database: Database, order: Uint32Array, codes: readonly number[]): Promise<string[]> {
  const keys = await database.rows('SELECT key::VARCHAR AS key FROM keys ORDER BY code')
  return Array.from(order, (session) => String(keys[codes[session]! - 1]!.key))
}

/** The number of each code of the table `people`. People without a number get the next one. */
async function numberPeople(database: Database, numbers: Map<string, number>): Promise<number[]> {
  const rows = await database.rows('SELECT person FROM people ORDER BY code')
  return rows.map((row) => {
    const person = String(row.person)
    const number = numbers.get(person) ?? numbers.size
    numbers.set(person, number)
    return number
  })
}

/** Each session of an unknown visitor is a person of its own, with a negative number that no other log uses. */
function usersOf(order: Uint32Array, persons: readonly number[]): Int32Array {
  let stranger = -1
  return Int32Array.from(order, (session) => (persons[session]! >= 0 ? persons[session]! : stranger--))
}
