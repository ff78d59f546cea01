/**
 * How soon what has a vector by content alone is shown. Such an item may be new or merely unwanted, content does not tell; what
 * became of others like it on held-out sessions does.
 */
import type { Fitted } from './fitted.js'

/** Logits that their bias may be less than the mean of all others: each is tried. */
export const BELOW = [0.5, 1, 1.5, 2, 3]
/** Where there is nothing to choose on. */
export const USUAL = 2

/** @returns biases with those of newcomers, so many logits below the mean of the items with a history */
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

/** The same for a training; itself where nobody is new. */
export function introducing(fitted: Fitted, below: number): Fitted {
  const { bias, support, newcomers } = fitted
  if (!newcomers.includes(1)) return fitted
  return { ...fitted, bias: introduced(bias, support.rare, newcomers, below) }
}
