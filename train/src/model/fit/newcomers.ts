/**
 * How soon items are shown that have a vector from content alone. Such an item may be new, or it may be unwanted, and
 * content does not tell which. Held-out sessions tell how often people chose such items.
 */
import type { Fitted } from './fitted.js'

/** Distances that are tried, in logits: the bias of newcomers lies this far below the mean of items with a history. */
export const BELOW = [0.5, 1, 1.5, 2, 3]
/** The distance in logits if there are no questions to choose it on. */
export const USUAL = 1.5

/**
 * @param below distance in logits
 * @returns all biases, those of newcomers set to `below` logits under the mean of the items with a history
 */
export function introduced(
  bias: Float32Array,
  rare: Uint8Array,
  newcomers: Uint8Array,
  below: number,
): Float32Array {
  let sum = 0
  let known = 0
  for (let row = 0; row < bias.length; row++) {
    if (rare[row]) continue
    sum += bias[row]!
    known++
  }
  const level = sum / Math.max(1, known) - below
  return bias.map((value, row) => (newcomers[row] ? level : value))
}

/** Does the same to a training. Returns the training itself if it has no newcomers. */
export function introducing(fitted: Fitted, below: number): Fitted {
  const { bias, support, newcomers } = fitted
  if (!newcomers.includes(1)) return fitted
  return { ...fitted, bias: introduced(bias, support.rare, newcomers, below) }
}
