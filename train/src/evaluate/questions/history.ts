/**
 * What devices know about earlier visits: those of a history, and those in the test log before the visit in question.
 */
import type { Catalog } from '../../../../worker/catalog/catalog.js'
import type { Interest } from '../../../../worker/rank/evidence.js'
import type { Interactions } from '../../data/interactions.js'
import { interestsAfter, type Visit, visitsOf } from '../../data/visits.js'
import { type Return, returnsOf } from '../../model/log/sets.js'

/** The visits of a test log by people with earlier visits. Items are indices of `ids`. */
export interface Returns {
  ids: string[]
  before: Visit[]
  now: Visit[]
  /** Each with the number of its session in the test log. */
  returns: (Return & { session: number })[]
}

/** @throws when there are none */
export function returnsIn(test: Interactions, history: Interactions): Returns {
  const ids = [...history.ids]
  const number = new Map(ids.map((id, i) => [id, i]))
  const ofTest = test.ids.map((id) => number.get(id) ?? ids.push(id) - 1)
  const before = visitsOf(history)
  const now = visitsOf(test).map((visit) => ({ ...visit, items: visit.items.map((item) => ofTest[item]!) }))
  const sessionOf = new Map(now.map((visit, session) => [visit, session]))
  const returns = returnsOf(before, now, history.time !== 'order' && test.time !== 'order').map((found) => ({
    ...found,
    session: sessionOf.get(found.visit)!,
  }))
  if (returns.length === 0) {
    throw new Error(
      'No visit of the test log has a user_id with earlier visits. Both logs need a user_id, and people who come back.',
    )
  }
  return { ids, before, now, returns }
}

/** What the engine's long-term profile contains when a visit begins. `rowOf` is the pack's row of each item, or -1. */
export function interestsOf({ earlier, visit }: Return, rowOf: Int32Array): Interest[] {
  return interestsAfter(earlier, visit.from)
    .map(({ item, strength }) => ({ row: rowOf[item]!, strength }))
    .filter(({ row }) => row >= 0)
}

/** The same, by session of the test log. Sessions of unknown people have no entry. */
export function interestsBySession(
  test: Interactions,
  history: Interactions,
  catalog: Catalog,
): Map<number, Interest[]> {
  const { ids, returns } = returnsIn(test, history)
  const rowOf = Int32Array.from(ids, (id) => catalog.rowOf(id))
  return new Map(returns.map((found) => [found.session, interestsOf(found, rowOf)]))
}
