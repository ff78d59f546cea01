/**
 * How likely a visitor is to look again at an item of this session. Shops differ: in some, people go back and forth
 * between a list and its items, and a visitor who has done so once does it again; in others nobody does. Three learned
 * terms add up: how long ago the item was seen, whether this session has repeated items so far, and how often it saw
 * this one.
 */
import { type Blend, BUCKETS, bucketOf } from './blend.js'

/** Four kinds of session: whether its last step was a repeat, times whether an earlier step was. */
const MODES = 4
/** Once, twice, more often. */
const TIMES = 3
/** Length of `Blend.habit`: modes by session length, then times. */
export const HABITS = BUCKETS * MODES + TIMES

/** Which terms an item gets: how many distinct items ago it was seen, and two indices into `Blend.habit`. */
export type Repeat = readonly [recency: number, mode: number, times: number]

/** For each row among the steps, the latest first. */
export function repeatsOf(steps: readonly { row: number }[]): Map<number, Repeat> {
  const times = new Map<number, number>()
  for (const { row } of [...steps].reverse()) times.set(row, (times.get(row) ?? 0) + 1)
  const last = times.get(steps.at(-1)?.row as number)! > 1 ? 1 : 0
  const before = steps.length - times.size > last ? 1 : 0
  const mode = MODES * bucketOf(steps.length) + 2 * last + before
  let recency = 0
  return new Map(
    Array.from(times, ([row, n]) => [row, [recency++, mode, BUCKETS * MODES + Math.min(n, TIMES) - 1]]),
  )
}

/** Logit that is added for a repeat. */
export function repeatTerm(
  { repeat, habit }: Pick<Blend, 'repeat' | 'habit'>,
  [recency, mode, times]: Repeat,
): number {
  // `repeat` is empty in a pack that has no such terms.
  return (repeat[Math.min(recency, repeat.length - 1)] ?? 0) + habit[mode]! + habit[times]!
}
