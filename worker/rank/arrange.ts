/**
 * Step: the shop's own list in the order of the scores. Items that cannot be judged (unknown to the pack or too rare for a
 * vector, repeated ids, missing ids) keep their positions, and the others are ordered among the positions that remain. The
 * leading `limit` positions get the best; the rest follow in the server's order. Nothing is added and nothing is lost.
 */
import { type Step, take } from './candidates.js'
import { isJudged } from './scored.js'

export const arrange: Step = (list, { model, limit }) => {
  const order = Uint32Array.from(list.rows.keys())
  const movable = Array.from(order.filter((place) => isJudged(model, list, place)))
  // Stable: equal scores stay in the server's order.
  const best = [...movable].sort((a, b) => list.score[b]! - list.score[a]!)
  best.length = movable.filter((place) => place < limit).length
  const chosen = new Set(best)
  const filled = [...best, ...movable.filter((place) => !chosen.has(place))]
  movable.forEach((place, m) => {
    order[place] = filled[m]!
  })
  return take(list, order)
}
