/** Which items of a list may move, for steps that put some of them in another order. */
import { type Candidates, type RankContext, take } from '../rank/candidates.js'

/**
 * The places of the items that may move, ascending. Items that were not scored keep theirs, because nothing says where else
 * they belong, and so do items that the visitor has seen in their places.
 */
export function movable({ rows, index, score }: Candidates, { fixed }: RankContext): number[] {
  const places: number[] = []
  for (let i = 0; i < rows.length; i++) if (score[i] !== 0 && !fixed.has(index[i]!)) places.push(i)
  return places
}

/** The chosen items come first among `places`; the others of these follow in their order. */
export function reordered(
  list: Candidates,
  places: readonly number[],
  chosen: readonly number[],
): Candidates {
  const order = Uint32Array.from(list.rows.keys())
  const first = new Set(chosen)
  const filled = [...chosen, ...places.filter((place) => !first.has(place))]
  places.forEach((place, n) => {
    order[place] = filled[n]!
  })
  return take(list, order)
}
