/**
 * The seam between the training loop and what kind of session encoder is trained. A kind turns the vectors of a
 * batch's positions into session vectors, and gradients of these into gradients of the vectors and of its tensors.
 * The forward pass must be that of worker/session for the same kind. `kinds.ts` lists the kinds.
 */
import type { EncoderTensors } from '../../../worker/session/encoder.js'
import type { Kernels } from '../../kernels/kernels.js'
import type { Floats, Ints, Memory } from '../../kernels/memory.js'
import type { Hyper } from './hyper.js'
import type { Tensors } from './tensor.js'

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
  /** Reads `ds`, adds to `dx`, writes `gradients`. */
  backward(batch: SessionBatch): void
  /** Of its own tensors, by their names. */
  readonly gradients: Record<string, Floats>
}

/** All that the trainer and the pack's writer need to know of a kind. Its tensors go by their names in the pack. */
export interface EncoderKind {
  /** Where this kind wants other numbers than `hyperFor` has. */
  readonly hyper: Partial<Hyper>
  /** Untrained tensors. */
  start(memory: Memory, hyper: Hyper): Tensors
  /** @param positions most positions of a batch; no session is longer than the window */
  trainable(
    kernels: Kernels,
    memory: Memory,
    tensors: Tensors,
    hyper: Hyper,
    positions: number,
  ): TrainableEncoder
  /** For serving. */
  served(tensors: Tensors, hyper: Hyper, scale: number): EncoderTensors
  /** The same encoder where items have the vectors x'R; `axes` is R, of dim rows. */
  rotated(encoder: EncoderTensors, axes: Float64Array): EncoderTensors
  /** Values and shape of each section of a pack. */
  sections(encoder: EncoderTensors): Record<string, { values: Float32Array; shape: number[] }>
}
