/**
 * Questions from held-out sessions besides the next item: the rest of a basket, given a part of it, and the items of a
 * visit, given the person's earlier visits.
 */
import type { Interest } from '../../../../worker/rank/evidence.js'
import type { Step } from '../../../../worker/session/encoder.js'
import type { Interactions } from '../../data/interactions.js'
import { interestsAfter, type Visit, visitsOf } from '../../data/visits.js'
import { permutation, random } from '../../maths/random.js'

/** Share of a basket that is hidden. */
const HIDDEN = 0.2

/** The items that are given and the items to be found, as rows of the log. */
export interface SetQuestion {
  given: readonly number[]
  wanted: readonly number[]
}

/** A visit to be predicted. */
export interface Return {
  person: number
  /** Oldest first. */
  earlier: Visit[]
  visit: Visit
}

/** Shuffles each basket of two or more items and hides its last fifth, at least one item. */
export function hide(baskets: readonly (readonly number[])[], seed: number): SetQuestion[] {
  return baskets.flatMap((basket, b) => {
    if (basket.length < 2) return []
    const shuffled = Array.from(permutation(basket.length, random(seed, b)), (i) => basket[i]!)
    const kept = basket.length - Math.max(1, Math.floor(HIDDEN * basket.length))
    return [{ given: shuffled.slice(0, kept), wanted: shuffled.slice(kept) }]
  })
}

/**
 * The visits in `now` of people who have visited before, each with all earlier visits.
 * @param timed whether times can be compared. If so, only visits that ended before a visit began are its history.
 */
export function returnsOf(before: readonly Visit[], now: readonly Visit[], timed: boolean): Return[] {
  const known = new Map<number, Visit[]>()
  const remember = (visit: Visit) => {
    if (visit.person < 0) return
    const visits = known.get(visit.person)
    if (visits) visits.push(visit)
    else known.set(visit.person, [visit])
  }
  for (const visit of before) remember(visit)
  return now.flatMap((visit) => {
    const { person } = visit
    const all = known.get(person) ?? []
    const earlier = timed ? all.filter(({ to }) => to < visit.from) : [...all]
    remember(visit)
    return earlier.length > 0 ? [{ person, earlier, visit }] : []
  })
}

/** Which items will be chosen in a visit, given the interests from earlier visits? */
export interface VisitQuestion {
  interests: readonly Interest[]
  wanted: readonly number[]
}

/** Questions that the blend is fitted on besides next items. They come from the latest sessions. */
export interface SetQuestions {
  sets: SetQuestion[]
  /** Each with the steps of the visit, in their order. */
  returns: (VisitQuestion & { steps: readonly Step[] })[]
}

/**
 * @param heldOut share of sessions, the latest ones, that the questions come from
 * @param limits most questions of each kind, evenly spread
 */
export function setQuestions(
  data: Interactions,
  heldOut: number,
  limits: { sets: number; returns: number },
  seed: number,
): SetQuestions {
  const { users, offsets } = data
  const sessions = offsets.length - 1
  const cut = Math.ceil(sessions * (1 - heldOut))
  const some = <T>(all: readonly T[], limit: number) =>
    all.filter((_, i) => i % Math.ceil(all.length / limit) === 0)
  const baskets = some(
    visitsOf(
      data,
      Array.from({ length: sessions - cut }, (_, i) => cut + i),
    )
      .map(({ items }) => items)
      .filter(({ length }) => length > 1),
    limits.sets,
  )
  const timed = data.time !== 'order'
  const asked = some(returning(data, cut, timed), limits.returns)
  // Only for the people asked about: the visits of all returning people would be most of the log.
  const history = new Map(asked.map((s) => [users![s]!, [] as number[]]))
  for (let s = 0; s < sessions; s++) history.get(users?.[s] ?? -1)?.push(s)
  return {
    sets: hide(baskets, seed),
    returns: asked.map((s) => {
      const [visit] = visitsOf(data, [s]) as [Visit]
      const before = history.get(visit.person)!.filter((other) => other < s)
      const earlier = visitsOf(data, before).filter(({ to }) => !timed || to < visit.from)
      const interests = interestsAfter(earlier, visit.from)
      return {
        interests: interests.map(({ item, strength }) => ({ row: item, strength })),
        wanted: visit.items,
        steps: stepsOf(data, s),
      }
    }),
  }
}

/** The positive events of a session, in their order. */
function stepsOf({ offsets, rows, weights }: Interactions, session: number): Step[] {
  const steps: Step[] = []
  for (let e = offsets[session]!; e < offsets[session + 1]!; e++) {
    if (weights[e]! > 0) steps.push({ row: rows[e]!, weight: weights[e]! })
  }
  return steps
}

/** Sessions from `cut` on whose person had visited before. */
function returning({ offsets, times, users }: Interactions, cut: number, timed: boolean): number[] {
  const found: number[] = []
  if (!users) return found
  /** The time when a person's first visit to end was over. */
  const over = new Float64Array(users.reduce((most, person) => Math.max(most, person), 0) + 1).fill(Infinity)
  for (const [s, person] of users.entries()) {
    if (person < 0) continue
    const first = over[person]!
    if (s >= cut && first < (timed ? times[offsets[s]!]! : Infinity)) found.push(s)
    over[person] = Math.min(first, times[offsets[s + 1]! - 1]!)
  }
  return found
}
