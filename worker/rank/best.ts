/** Steps that sort candidates: by falling score, ties by rising row. What nothing speaks for is dropped. */
import { type Candidates, type Step, take } from './candidates.js'

export const sorted: Step = (list) => take(list, bestFirst(list))

/** Only the first `limit` of them. */
export const best: Step = (list, { limit, ties }) => {
  const { score } = list
  const order = bestFirst(list)
  let end = Math.min(limit, order.length)
  while (ties && end > 0 && end < order.length && score[order[end]!] === score[order[end - 1]!]) end++
  return take(list, order.subarray(0, end))
}

function bestFirst({ rows, score }: Candidates): Uint32Array {
  return Uint32Array.from(rows.keys())
    .filter((place) => score[place]! > 0)
    .sort((a, b) => score[b]! - score[a]! || rows[a]! - rows[b]!)
}
