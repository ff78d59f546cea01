/** What a baseline is: it says at which place the next item stands, given the items before it. */
export interface Baseline {
  name: string
  /** What validation chose, where there was a choice. */
  settings?: Record<string, number | number[]>
  /**
   * Place of the target by score, ties against it; 0 where it has no score.
   * @param items rows of the session's items so far, oldest first; -1 for one that the baseline has never seen
   * @param target its row, or -1
   */
  rank(items: Int32Array, target: number): number
  /**
   * The same for each event of a session but the first, where asking for all of them at once is quicker.
   * @param items of the whole session
   */
  rankSession?(items: Int32Array): number[]
}

/** Scores of what may come next, in a map of the caller's own; items that are not in it have none. */
export type ScoreItems = (items: Int32Array) => Map<number, number>

/** Place of a target among scores: how many are at least as high. Items that are not in the map have no score. */
export function placeOf(scores: ReadonlyMap<number, number>, target: number): number {
  const own = scores.get(target)
  if (own === undefined) return 0
  let place = 0
  for (const score of scores.values()) if (score >= own) place++
  return place
}
