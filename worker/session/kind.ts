/** What every kind of encoder reads, and what it makes of that. */

/** One step of a session, oldest first. `weight` is the signal's strength relative to a view. */
export interface Step {
  row: number
  weight: number
}

/** What the kinds have in common. */
export interface EncoderCommon {
  dim: number
  /** How many of the latest steps are read. */
  window: number
  /** Inverse temperature. */
  scale: number
}

/** What a kind makes of the steps. */
export interface Reading {
  /** Float64Array of dim, of length 1; undefined when nothing in the session has a direction. */
  vector: Float64Array | undefined
  /** How much each step counts; together at most 1. */
  weights: number[]
}
