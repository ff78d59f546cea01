/**
 * Which items share sessions, item by item. The neighbour tables and the initial vectors are made from this.
 *
 * Pairs are collected for a chunk of items at a time, so memory stays bounded no matter how long the log is.
 */
import type { Log } from '../log/log.js'
import { sessionsByPerson } from '../log/support.js'

/**
 * Two events of a session are a pair if they are at most this many events apart. `NEXT` is the same for the forward
 * table.
 */
const REACH = 10
const NEXT = 3
/**
 * In the table of both directions, a pair counts half against the direction in which it was seen: people also go
 * back.
 */
const BACKWARD = 0.5
const NEXT_DECAY = 0.5
/** Most pairs that are held at once, unless a single item has more. */
const CHUNK = 1 << 24

/** All pairs of one item. The first `count` values of each array are valid. The arrays are reused for the next row. */
export interface PairRow {
  row: number
  count: number
  /** The other items, in order of first appearance. */
  others: Uint32Array
  /** Weight in the table of both directions, and in the forward table. */
  both: Float64Array
  next: Float64Array
  /** Symmetric strength without weights: the sum of 1 / gap. The initial vectors are made from it. */
  plain: Float64Array
  /** Distinct people with the pair: in either order within REACH, and in this order within NEXT. */
  people: Uint32Array
  peopleNext: Uint32Array
}

/**
 * Gives every row in ascending order, including rows without a pair. It is the same object each time.
 * @param recency the latest session counts e^recency times as much as the first
 */
export function* pairRows(log: Log, recency = 1): Generator<PairRow> {
  const { items, sessions, offsets, rows } = log
  const order = sessionsByPerson(log)
  const counts = new Float64Array(items)
  forEachPair(log, order, 0, items, (from) => counts[from]!++)

  // The events of recent sessions and of short sessions count more.
  const sessionWeight = new Float64Array(sessions)
  for (let s = 0; s < sessions; s++) {
    const length = offsets[s + 1]! - offsets[s]!
    sessionWeight[s] = Math.exp(recency * ((s + 1) / sessions - 1)) / Math.sqrt(length)
  }

  const slot = new Int32Array(items).fill(-1)
  const pairs: PairRow = {
    row: 0,
    count: 0,
    others: new Uint32Array(1024),
    both: new Float64Array(1024),
    next: new Float64Array(1024),
    plain: new Float64Array(1024),
    people: new Uint32Array(1024),
    peopleNext: new Uint32Array(1024),
  }
  let lastPerson = new Int32Array(1024)
  let lastPersonNext = new Int32Array(1024)

  for (let low = 0; low < items; ) {
    let high = low
    let total = 0
    while (high < items && (high === low || total + counts[high]! <= CHUNK)) total += counts[high++]!
    const starts = new Uint32Array(high - low + 1)
    for (let row = low; row < high; row++) starts[row - low + 1] = starts[row - low]! + counts[row]!
    const cursor = starts.slice()
    // A pair is the event it comes from, its signed gap and its session.
    const events = new Uint32Array(total)
    const gaps = new Int8Array(total)
    const owners = new Uint32Array(total)
    forEachPair(log, order, low, high, (from, event, gap, session) => {
      const at = cursor[from - low]!++
      events[at] = event
      gaps[at] = gap
      owners[at] = session
    })
    for (let row = low; row < high; row++) {
      pairs.row = row
      pairs.count = 0
      for (let at = starts[row - low]!; at < starts[row - low + 1]!; at++) {
        const event = events[at]!
        const gap = gaps[at]!
        const session = owners[at]!
        const other = rows[event]!
        let i = slot[other]!
        if (i < 0) {
          i = pairs.count++
          if (i === pairs.others.length) {
            grow(pairs)
            lastPerson = doubled(lastPerson)
            lastPersonNext = doubled(lastPersonNext)
          }
          slot[other] = i
          pairs.others[i] = other
          pairs.both[i] = pairs.next[i] = pairs.plain[i] = 0
          pairs.people[i] = pairs.peopleNext[i] = 0
          lastPerson[i] = lastPersonNext[i] = -1
        }
        const person = log.persons[session]!
        const distance = Math.abs(gap)
        const weight = sessionWeight[session]! * log.weights[event]! * (log.trust?.[event] ?? 1)
        pairs.both[i]! += ((gap > 0 ? 1 : BACKWARD) * weight) / distance
        pairs.plain[i]! += 1 / distance
        if (lastPerson[i] !== person) pairs.people[i]!++
        lastPerson[i] = person
        if (gap > 0 && gap <= NEXT) {
          pairs.next[i]! += weight * NEXT_DECAY ** (gap - 1)
          if (lastPersonNext[i] !== person) pairs.peopleNext[i]!++
          lastPersonNext[i] = person
        }
      }
      yield pairs
      for (let i = 0; i < pairs.count; i++) slot[pairs.others[i]!] = -1
    }
    low = high
  }
}

/**
 * Calls back for every ordered pair of events within REACH whose first item is in [low, high). It passes this item, the
 * other event, how many events later that one is (negative if earlier), and the session. An item may be its own
 * neighbour, because some items are looked at again and again and others never are.
 */
function forEachPair(
  { offsets, rows }: Log,
  order: Uint32Array,
  low: number,
  high: number,
  call: (from: number, event: number, gap: number, session: number) => void,
): void {
  for (const s of order) {
    const start = offsets[s]!
    const end = offsets[s + 1]!
    for (let e = start; e < end; e++) {
      const from = rows[e]!
      if (from < low || from >= high) continue
      for (let o = Math.max(start, e - REACH); o < Math.min(end, e + REACH + 1); o++) {
        if (o !== e) call(from, o, o - e, s)
      }
    }
  }
}

function doubled<T extends Int32Array | Uint32Array | Float64Array>(array: T): T {
  const bigger = new (array.constructor as new (length: number) => T)(array.length * 2)
  bigger.set(array)
  return bigger
}

function grow(pairs: PairRow): void {
  pairs.others = doubled(pairs.others)
  pairs.both = doubled(pairs.both)
  pairs.next = doubled(pairs.next)
  pairs.plain = doubled(pairs.plain)
  pairs.people = doubled(pairs.people)
  pairs.peopleNext = doubled(pairs.peopleNext)
}
