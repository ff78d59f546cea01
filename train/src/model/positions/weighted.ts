/**
 * Clicks in lists, weighted by inverse propensity: an item that was clicked although few look where it stood says more. The
 * weights are clipped, so that single clicks far down do not rule, and self-normalised: their mean is 1, so clicks in lists
 * count as much as all others together as before. Events that are no clicks in lists keep the weight 1.
 */
import type { Interactions } from '../../data/interactions.js'

/** The most that a click counts, in clicks at the first position. */
export const CLIP = 10

/** @returns the log with a weight for each event as a target; the log itself if it shows no lists */
export function weighted(data: Interactions, propensity: Float64Array): Interactions {
  const { places } = data
  if (!places) return data
  const raw = Float32Array.from(places, (p) => (p < 0 ? 0 : Math.min(CLIP, 1 / (propensity[p] ?? 1))))
  let sum = 0
  let clicks = 0
  for (const weight of raw) {
    sum += weight
    if (weight > 0) clicks++
  }
  const mean = sum / Math.max(1, clicks)
  return { ...data, trust: raw.map((weight) => (weight > 0 ? weight / mean : 1)) }
}
