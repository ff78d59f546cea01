/**
 * Step: the server's position becomes part of the score. Its list is evidence too, the more so the less is known of
 * the visitor.
 *
 *     score = ln(relevance + FLOOR) - server * ln(1 + position)
 *
 * Where nothing is known of the visitor, all scores are 0 and the server's order stands.
 */
import type { Step } from './candidates.js'

/** No relevance counts as less than this: differences among hopeless items are noise, and the server's order decides. */
const FLOOR = 1e-7

export const weighServerOrder: Step = (list, { evidence }) => {
  const score = new Float64Array(list.score.length)
  if (evidence.dense || evidence.repeats.size > 0) {
    list.rows.forEach((row, i) => {
      if (row < 0) return
      const position = Math.log(1 + list.index[i]!)
      // Rounded as the page sees it: equal scores stay in the server's order, as far as anyone can tell.
      score[i] = Math.fround(Math.log(list.score[i]! + FLOOR) - evidence.weights.server * position)
    })
  }
  return { ...list, score }
}
