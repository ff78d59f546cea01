/**
 * What is asked of a ranking: a visitor has looked at some items and opens a page with a list; which item of it is next?
 * Each event of a test session is asked for once, the first one too, for which nothing of the visit is known yet.
 */
import type { Catalog } from '../../../../worker/catalog/catalog.js'
import type { WireEvent } from '../../../../worker/protocol.js'
import type { Step } from '../../../../worker/session/encoder.js'
import type { Interactions } from '../../data/interactions.js'
import { type Questions, questionsOf } from '../questions/questions.js'
import type { Assortment } from './assortment.js'

export interface RankQuestion {
  /** Position among the sessions that are asked about, and in the test log. */
  session: number
  logged: number
  /** Items of the visit so far, oldest first, by their numbers in the assortment. */
  before: readonly number[]
  /** The same events as the device has them. */
  events: readonly WireEvent[]
  /** Those that the pack knows, as steps of the session. */
  steps: readonly Step[]
  /** Number of the next item. */
  target: number
  /** Unix milliseconds of the request. */
  now: number
}

/** Seconds between two events of a log that has no real times. */
const PACE = 60
const SEED = 1

/** The sessions that are asked about. @param sample how many, drawn at random; all by default */
export function sessionsAsked(
  test: Interactions,
  catalog: Catalog,
  sample: number | undefined,
): Pick<Questions, 'sessions'> & { questions: number } {
  const { sessions, sessionOf } = questionsOf(test, (id) => catalog.rowOf(id), sample, SEED)
  return { sessions, questions: sessionOf.length + sessions.length }
}

/** The questions of some sessions, in order. The arrays of a question are never changed later. */
export function* rankQuestions(
  test: Interactions,
  sessions: readonly number[],
  catalog: Catalog,
  assortment: Assortment,
): Generator<RankQuestion> {
  const numbers = test.ids.map((id) => assortment.numberOf(id)!)
  const { offsets, rows, weights, times, time } = test
  const rowOf = Int32Array.from(test.ids, (id) => catalog.rowOf(id))
  for (const [session, logged] of sessions.entries()) {
    const [start, end] = [offsets[logged]!, offsets[logged + 1]!]
    const at = (e: number) => 1000 * (time === 'real' ? times[e]! : times[start]! + PACE * (e - start))
    let [before, events, steps]: [number[], WireEvent[], Step[]] = [[], [], []]
    for (let e = start; e < end; e++) {
      const row = rows[e]!
      yield { session, logged, before, events, steps, target: numbers[row]!, now: at(e) }
      before = [...before, numbers[row]!]
      const items = [{ item_id: test.ids[row]! }]
      events = [...events, { id: String(e), name: 'view_item', time: at(e), items }]
      if (rowOf[row]! >= 0) steps = [...steps, { row: rowOf[row]!, weight: weights[e]! }]
    }
  }
}
