/**
 * Step: the server's order becomes part of the score. Its list is evidence too, the more so the less is known of the
 * visitor.
 *
 *     score = ln(relevance + FLOOR) - trust * distance + (seen in this visit ? seen : 0)
 *
 * The distance from the top is ln(1 + position), or by the server's scores where the page gives them. A visit in which only
 * rare items were seen tells nothing of other items, because all rare items share one vector: then the server's order
 * stands, and only what visitors tend to look at again moves to the top.
 */
import type { RankContext, Step } from './candidates.js'
import { hasVector, isJudged, tellsSomething } from './scored.js'

/** No relevance counts as less than this: differences among hopeless items are noise, and the server's order decides. */
export const FLOOR = 1e-7
/**
 * What was seen in this visit counts less in a list than in the whole catalogue: each old item that moves to the top moves a
 * new one down. A rare one counts as much more, because its vector says nothing for it.
 */
const SEEN = -0.5
const SEEN_RARE = 1.5
/** Only the likeliest of them may lead easily: those behind it cost the new items more than they gain. */
const NOT_FIRST = -1.5
/** A last step that is rare tells less of what is next: the server's order counts more by this factor. */
const AFTER_RARE = 3
/** So do the items seen before it, which are more certain than any guess. */
const SEEN_AFTER_RARE = 2.5
/**
 * A prior, where no better is known: one unit of ln(best score / score) is as far down as two units of ln(1 + position).
 * Measured with the scores of item-kNN and of an older model, it is worth the same as the position.
 */
const BY_SCORE = 2

export const weighServerOrder: Step = (list, context) => {
  const { model, evidence } = context
  const { rows, features } = list
  const score = new Float64Array(list.score.length)
  if (tellsSomething(model, evidence)) {
    const seen = new Set(evidence.steps.map(({ row }) => row))
    const last = evidence.steps.at(-1)
    const afterRare = last !== undefined && !hasVector(model, last.row)
    const trust = evidence.weights.server * (afterRare ? AFTER_RARE : 1)
    const bonus = SEEN + (afterRare ? SEEN_AFTER_RARE : 0)
    const distance = distancesOf(context)
    const old: number[] = []
    rows.forEach((row, i) => {
      if (!isJudged(model, list, i)) return
      score[i] = Math.log(list.score[i]! + FLOOR) - trust * distance(list.index[i]!)
      if (!seen.has(row)) return
      score[i]! += bonus + (hasVector(model, row) ? 0 : SEEN_RARE)
      old.push(i)
    })
    const first = Math.max(...old.map((i) => score[i]!))
    for (const i of old) if (score[i]! < first) score[i]! += NOT_FIRST
    // Rounded as the page sees it: equal scores stay in the server's order, as far as anyone can tell.
    score.forEach((value, i) => {
      score[i] = Math.fround(value)
    })
  } else {
    // The factor is 1 for everything that was not seen.
    rows.forEach((row, i) => {
      if (row >= 0) score[i] = Math.fround(Math.log(Math.max(1, features.repeat[i]!)))
    })
  }
  return { ...list, score }
}

/** How far from the top each index of the request is, for the server. */
export function distancesOf({ serverScores }: RankContext): (index: number) => number {
  let best = 0
  // Scores of 0 and below may be logarithms, whose ratios say nothing.
  for (const score of serverScores) if (score > best && score < Infinity) best = score
  return (index) => {
    const score = serverScores[index]!
    return score > 0 && score <= best ? BY_SCORE * (Math.log(best) - Math.log(score)) : Math.log(1 + index)
  }
}
