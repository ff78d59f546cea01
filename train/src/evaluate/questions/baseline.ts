/** A baseline returns the place of the next item, given the items before it. */
export interface Baseline {
  name: string
  /** The settings that validation chose, if there was a choice. */
  settings?: Record<string, number | number[]>
  /**
   * Place of the target by score, with ties against it; 0 if it has no score.
   * @param items rows of the session's items so far, oldest first; -1 for an item that the baseline has never seen
   * @param target its row, or -1
   */
  rank(items: Int32Array, target: number): number
  /**
   * The same for each event of a session after the first. For baselines that are faster if asked for all of them at
   * once.
   * @param items of the whole session
   */
  rankSession?(items: Int32Array): number[]
}

/** Scores of the possible next items. The caller may change the map; items that are not in it have no score. */
export type ScoreItems = (items: Int32Array) => Map<number, number>

/**
 * Place of a target among scores: the number of scores that are at least as high. 0 if the target is not in the map.
 */
export function placeOf(scores: ReadonlyMap<number, number>, target: number): number {
  const own = scores.get(target)
  if (own === undefined) return 0
  let place = 0
  for (const score of scores.values()) if (score >= own) place++
  return place
}
