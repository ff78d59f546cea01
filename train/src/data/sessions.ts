/** Events in the order of (session, time) streamed from the database and cut into sessions on the way. */
import type { Database } from './database.js'
import type { Interactions } from './interactions.js'

/** A visit ends after so many seconds without an event. */
const IDLE_SECONDS = 30 * 60

export interface CutOptions {
  /** Cut where nothing happened for IDLE_SECONDS, for logs whose key is a person. */
  idle: boolean
  /** Whether the log names people. */
  people: boolean
  /** Numbers of people by `user_id`, where another log has given some already; those of this log are added. */
  numbers?: Map<string, number> | undefined
  events: number
  signal?: AbortSignal | undefined
}

type Sessions = Omit<Interactions, 'ids' | 'time'>

/**
 * Reads the tables `events` (pos, key, item, person, weight, t) and `items` (item, row). Events of the same time are in
 * the order of their rows in the log.
 */
export async function cutSessions(database: Database, options: CutOptions): Promise<Sessions> {
  const { events, idle, signal } = options
  await database.run(
    'CREATE TABLE keys AS SELECT key, row_number() OVER () AS code FROM (SELECT DISTINCT key FROM events)',
  )
  await database.run(
    `CREATE TABLE people AS SELECT person, (row_number() OVER (ORDER BY person) - 1)::INTEGER AS code
     FROM (SELECT DISTINCT person FROM events WHERE coalesce(trim(person), '') <> '')`,
  )
  const rows = new Uint32Array(events)
  const weights = new Float32Array(events)
  const times = new Float64Array(events)
  /** By session as they come: start, time and place of the last event, person. */
  const starts: number[] = []
  const lastTimes: number[] = []
  const lastPlaces: number[] = []
  const persons: number[] = []

  const result = await database.connection.stream(
    `SELECT keys.code::DOUBLE, items.row, t, weight, coalesce(people.code, -1), pos::DOUBLE
     FROM events JOIN keys USING (key) JOIN items USING (item) LEFT JOIN people USING (person)
     ORDER BY keys.code, t, pos`,
  )
  let n = 0
  let key = -1
  for (;;) {
    const chunk = await result.fetchChunk()
    signal?.throwIfAborted()
    if (!chunk || chunk.rowCount === 0) break
    const [codes, items, seconds, strengths, people, places] = [0, 1, 2, 3, 4, 5].map((c) =>
      chunk.getColumnValues(c),
    ) as [number[], number[], number[], number[], number[], number[]]
    for (let i = 0; i < chunk.rowCount; i++, n++) {
      const t = seconds[i]!
      if (codes[i] !== key || (idle && t - times[n - 1]! > IDLE_SECONDS)) {
        key = codes[i]!
        starts.push(n)
        persons.push(people[i]!)
      }
      const session = starts.length - 1
      lastTimes[session] = t
      lastPlaces[session] = places[i]!
      if (persons[session]! < 0) persons[session] = people[i]!
      rows[n] = items[i]!
      weights[n] = strengths[i]!
      times[n] = t
    }
  }
  starts.push(n)
  const order = Uint32Array.from(lastTimes.keys()).sort(
    (a, b) => lastTimes[a]! - lastTimes[b]! || lastPlaces[a]! - lastPlaces[b]!,
  )
  const sorted = rearrange(order, starts, { rows, weights, times })
  if (!options.people) return { ...sorted, users: null }
  const numbers = options.numbers && (await numberPeople(database, options.numbers))
  return { ...sorted, users: usersOf(order, numbers ? persons.map((code) => numbers[code] ?? -1) : persons) }
}

/** The same sessions in another order. */
function rearrange(
  order: Uint32Array,
  starts: readonly number[],
  { rows, weights, times }: Pick<Sessions, 'rows' | 'weights' | 'times'>,
): Omit<Sessions, 'users'> {
  const sorted = {
    offsets: new Uint32Array(order.length + 1),
    rows: new Uint32Array(rows.length),
    weights: new Float32Array(rows.length),
    times: new Float64Array(rows.length),
  }
  let at = 0
  for (const [place, session] of order.entries()) {
    const start = starts[session]!
    const end = starts[session + 1]!
    sorted.offsets[place] = at
    sorted.rows.set(rows.subarray(start, end), at)
    sorted.weights.set(weights.subarray(start, end), at)
    sorted.times.set(times.subarray(start, end), at)
    at += end - start
  }
  sorted.offsets[order.length] = at
  return sorted
}

/** Number of each code of the table `people`; who has none yet gets the next. */
async function numberPeople(database: Database, numbers: Map<string, number>): Promise<number[]> {
  const rows = await database.rows('SELECT person FROM people ORDER BY code')
  return rows.map((row) => {
    const person = String(row.person)
    const number = numbers.get(person) ?? numbers.size
    numbers.set(person, number)
    return number
  })
}

/** Sessions of nobody known are each a person of their own, of a negative number: no other log knows them. */
function usersOf(order: Uint32Array, persons: readonly number[]): Int32Array {
  let stranger = -1
  return Int32Array.from(order, (session) => (persons[session]! >= 0 ? persons[session]! : stranger--))
}
