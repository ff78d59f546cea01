/**
 * Step: exploration. Some positions, evenly spread over the list, go to items that are drawn without replacement from the next
 * best candidates, each with a probability in proportion to its relevance (Plackett-Luce). The draw depends on the request's
 * name alone. How probable it was that each item came to its position is written down, so that logs can judge other ways to
 * order the list (`nearside evaluate --policy`).
 *
 * Items that rules move are never drawn. `logged` runs the rules behind the draw, and says which positions the draw has decided
 * in the finished list.
 */
import type { Exploration } from '../protocol.js'
import { type Candidates, keyOf, type RankContext, type Step } from '../rank/candidates.js'
import { relevances } from './diversify.js'
import { gumbel, seeded } from './draw.js'
import { placeProbability } from './plackett-luce.js'
import { movable, reordered } from './positions.js'
import { activeRules } from './rules/active.js'
import { testOf } from './rules/condition.js'
import { itemsOf } from './rules/items.js'

const FROM = 20
const LEAST = 0.01

export const explore: Step = (list, context) => {
  const { explore: wish } = context.settings
  if (!wish) return list
  const places = movable(list, context)
  const head = places.filter((place) => place < context.limit).length
  const open = Math.min(wish.positions, head)
  const { groups, tail } = pools(list, context, places, head - open, open, wish)
  const random = seeded(context.requestId)
  const drawn = new Map<number, number>()
  const picks: number[] = []
  for (const [g, { pool, count }] of groups.entries()) {
    const weights = weightsOf(relevances(list, context, pool), wish.least ?? LEAST)
    const keys = pool.map((_, i) => Math.log(weights[i]!) + gumbel(random(1000 * g + i)))
    const order = [...pool.keys()].sort((a, b) => keys[b]! - keys[a]!).slice(0, count)
    order.forEach((i, rank) => {
      picks.push(pool[i]!)
      drawn.set(keyOf(list, pool[i]!), placeProbability(weights, i, rank))
    })
  }
  if (picks.length === 0) return { ...list, drawn }
  const best = places.filter((place) => !tail.has(place))
  const front = best.slice(0, head - picks.length)
  // Each drawn item is behind an equal share of the others.
  picks.forEach((pick, n) => {
    front.splice(Math.floor((head * (n + 1)) / (picks.length + 1)), 0, pick)
  })
  return { ...reordered(list, places, front), drawn }
}

interface Pool {
  /** Places of the candidates. */
  pool: number[]
  /** How many of them are drawn. */
  count: number
}

/** What is drawn from, and the places of all of it. */
function pools(
  list: Candidates,
  context: RankContext,
  places: readonly number[],
  kept: number,
  open: number,
  { from = FROM, floor = 0, where }: Exploration,
): { groups: Pool[]; tail: Set<number> } {
  const items = itemsOf(list, context)
  const moving = activeRules(context.settings.rules).filter(
    ({ level, rule: { kind } }) => level > 0 || kind === 'pin' || kind === 'boost',
  )
  const free = places.slice(kept).filter((place) => !moving.some(({ test }) => test(items, place)))
  const test = where && testOf(where)
  const special = test ? free.filter((place) => test(items, place)).slice(0, from) : []
  const reserved = Math.min(floor, special.length, open)
  const own = new Set(reserved > 0 ? special : [])
  const rest = free.filter((place) => !own.has(place)).slice(0, from)
  const groups = [
    { pool: special, count: reserved },
    // Drawing all of them would only shuffle.
    { pool: rest, count: Math.min(open - reserved, rest.length - 1) },
  ].filter(({ pool, count }) => count > 0 && pool.length > 0)
  return { groups, tail: new Set(groups.flatMap(({ pool }) => pool)) }
}

/** Probabilities in proportion to the relevance, none lower than `least`; they sum to 1. */
export function weightsOf(relevance: Float64Array, least: number): Float64Array {
  const { length } = relevance
  const highest = relevance.reduce((a, b) => Math.max(a, b), -Infinity)
  const mass = relevance.map((value) => (highest > -Infinity ? Math.exp(value - highest) : 1))
  const total = mass.reduce((a, b) => a + b, 0)
  const even = Math.min(1, least * length)
  return mass.map((value) => ((1 - even) * value) / total + even / length)
}

/** A step behind the draw, with the propensities of its list. */
export function logged(step: Step): Step {
  return (before, context) => {
    const after = step(before, context)
    const { drawn } = before
    if (!drawn) return after
    const touched = after.rules?.effects ?? new Map<number, unknown>()
    const free = (list: Candidates) =>
      Array.from(list.rows, (_, i) => keyOf(list, i)).filter((key) => !touched.has(key))
    const expected = free(before)
    const disturbed = [...drawn.keys()].some((key) => touched.has(key))
    let n = 0
    const propensities = Array.from(after.rows, (_, i) => {
      const key = keyOf(after, i)
      if (touched.has(key)) return 0
      const decided = expected[n++] === key && !disturbed && i < context.limit
      return decided && !context.fixed.has(after.index[i]!) ? (drawn.get(key) ?? 1) : 0
    })
    return { ...after, propensities }
  }
}
