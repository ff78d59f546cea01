/**
 * The seam between the training loop and what kind of session encoder is trained. A kind turns the vectors of a
 * batch's positions into session vectors, and gradients of these into gradients of the vectors and of its tensors.
 * The forward pass must be that of worker/session for the same kind.
 */
import type { Floats, Ints } from '../../kernels/memory.js'
import type { AdamStep } from './tensor.js'

/** A batch as the encoder sees it. Positions of a session follow each other, oldest first. */
export interface SessionBatch {
  sessions: number
  positions: number
  /** First position of each session, and the end of the last. */
  starts: Ints
  /** positions*dim: vectors of the items, and where the encoder adds their gradients. */
  x: Floats
  dx: Floats
  /** positions*dim: unit session vectors of each prefix, and their gradients (may be destroyed). */
  s: Floats
  ds: Floats
  /** ln of each position's weight. */
  gain: Floats
}

export interface TrainableEncoder {
  /** Writes `s`. */
  forward(batch: SessionBatch): void
  /** Reads `ds`, adds to `dx`, keeps the gradients of its own tensors. */
  backward(batch: SessionBatch): void
  /** Takes a step along the kept gradients. */
  update(step: AdamStep): void
}
