/**
 * How much more, or less, what a session has looked at already is looked at again. In some shops people go back and
 * forth between a list and its items, and who has begun to goes on; in others nobody does. Three learned terms add up: how
 * long ago the item was seen, what this session did so far, and how often it saw the item.
 */
import { type Blend, BUCKETS, bucketOf } from './blend.js'

/** Sessions by whether their last step was a repeat, and whether an earlier one was. */
const MODES = 4
/** Once, twice, more often. */
const TIMES = 3
/** Length of `Blend.habit`: modes by session length, then times. */
export const HABITS = BUCKETS * MODES + TIMES

/** Where an item's terms are: how many distinct items ago it was seen, and two places in `Blend.habit`. */
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
  // A pack may have no terms of this kind at all.
  return (repeat[Math.min(recency, repeat.length - 1)] ?? 0) + habit[mode]! + habit[times]!
}
