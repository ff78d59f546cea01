/**
 * Step: the server's order becomes part of the score. Its list is evidence too, the more so the less is known of the
 * visitor.
 *
 *     score = ln(relevance + FLOOR) + (seen in this visit ? SEEN : 0) - trust * distance
 *
 * The distance from the top is ln(1 + position), or by the server's scores where the page gives them. Where nothing is known
 * that speaks of other items, all scores are 0 and the server's order stands.
 */
import type { RankContext, Step } from './candidates.js'
import { hasVector, isJudged, tellsSomething } from './scored.js'

/** No relevance counts as less than this: differences among hopeless items are noise, and the server's order decides. */
export const FLOOR = 1e-7
/**
 * What was seen in this visit counts half of what it counts in the whole catalogue. A list shows what is new, and each old
 * item that moves to its top moves a new one down.
 */
const SEEN = Math.log(0.5)
/** The server's trust where the last step is an item without a vector of its own, which tells little about the next. */
const TRUST_AFTER_RARE = 1
/**
 * A prior: one unit of ln(best score / score) is as far down as two units of ln(1 + position). Replaces the position where
 * scores are given, and no better or worse than it in what was measured.
 */
const BY_SCORE = 2

export const weighServerOrder: Step = (list, context) => {
  const { model, evidence } = context
  const score = new Float64Array(list.score.length)
  if (tellsSomething(model, evidence)) {
    const seen = new Set(evidence.steps.map(({ row }) => row))
    const last = evidence.steps.at(-1)
    const { server } = evidence.weights
    const trust = last && !hasVector(model, last.row) ? Math.max(server, TRUST_AFTER_RARE) : server
    const distance = distancesOf(context)
    list.rows.forEach((row, i) => {
      if (!isJudged(model, list, i)) return
      const own = Math.log(list.score[i]! + FLOOR) + (seen.has(row) ? SEEN : 0)
      // Rounded as the page sees it: equal scores stay in the server's order, as far as anyone can tell.
      score[i] = Math.fround(own - trust * distance(list.index[i]!))
    })
  }
  return { ...list, score }
}

/** How far from the top each index of the request is, for the server. */
function distancesOf({ serverScores }: RankContext): (index: number) => number {
  let best = 0
  // Scores of 0 and below may be logits or ranks, so their ratios say nothing.
  for (const score of serverScores) if (score > best && score < Infinity) best = score
  return (index) => {
    const score = serverScores[index]!
    return best > 0 && score > 0 ? BY_SCORE * Math.log(best / score) : Math.log(1 + index)
  }
}
