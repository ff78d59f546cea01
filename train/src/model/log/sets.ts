/**
 * What a model is asked besides the next item, on held-out sessions: the rest of a basket from a part of it, and a visit
 * from that person's earlier ones.
 */
import type { Interest } from '../../../../worker/rank/evidence.js'
import type { Step } from '../../../../worker/session/encoder.js'
import type { Interactions } from '../../data/interactions.js'
import { interestsAfter, type Visit, visitsOf } from '../../data/visits.js'
import { permutation, random } from '../../maths/random.js'

/** Share of a basket that is hidden. */
const HIDDEN = 0.2

/** What is known and what is to be found, by the numbers of the log's items. */
export interface SetQuestion {
  given: readonly number[]
  wanted: readonly number[]
}

/** A visit to be foretold. */
export interface Return {
  person: number
  /** Oldest first. */
  earlier: Visit[]
  visit: Visit
}

/** Shuffles each basket of two items and more and hides the last fifth of it, at least one. */
export function hide(baskets: readonly (readonly number[])[], seed: number): SetQuestion[] {
  return baskets.flatMap((basket, b) => {
    if (basket.length < 2) return []
    const shuffled = Array.from(permutation(basket.length, random(seed, b)), (i) => basket[i]!)
    const kept = basket.length - Math.max(1, Math.floor(HIDDEN * basket.length))
    return [{ given: shuffled.slice(0, kept), wanted: shuffled.slice(kept) }]
  })
}

/**
 * The visits of people who are known, with all that came before.
 * @param timed whether times can be compared: then nothing later than a visit is its history
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

/** What will be chosen in a visit, by what earlier ones left? */
export interface VisitQuestion {
  interests: readonly Interest[]
  wanted: readonly number[]
}

/** What the blend is fitted on besides next items: sessions of a log's latest part. */
export interface SetQuestions {
  sets: SetQuestion[]
  /** With what was done in the visit, in its order. */
  returns: (VisitQuestion & { steps: readonly Step[] })[]
}

/**
 * @param heldOut share of the sessions, the latest, that is asked about
 * @param limits questions of each kind at most, evenly spread
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
  // Only of those who are asked about: all visits of all who came back would be most of the log.
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

/** What a session did, in its order, less what repels. */
function stepsOf({ offsets, rows, weights }: Interactions, session: number): Step[] {
  const steps: Step[] = []
  for (let e = offsets[session]!; e < offsets[session + 1]!; e++) {
    if (weights[e]! > 0) steps.push({ row: rows[e]!, weight: weights[e]! })
  }
  return steps
}

/** Sessions from `cut` on of people who had been there before. */
function returning({ offsets, times, users }: Interactions, cut: number, timed: boolean): number[] {
  const found: number[] = []
  if (!users) return found
  /** When each person's first visit was over. */
  const over = new Float64Array(users.reduce((most, person) => Math.max(most, person), 0) + 1).fill(Infinity)
  for (const [s, person] of users.entries()) {
    if (person < 0) continue
    const first = over[person]!
    if (s >= cut && first < (timed ? times[offsets[s]!]! : Infinity)) found.push(s)
    over[person] = Math.min(first, times[offsets[s + 1]! - 1]!)
  }
  return found
}
