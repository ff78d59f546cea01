/**
 * The interface between the training loop and the kinds of session encoder. A kind turns the item vectors of a batch
 * into session vectors, and gradients of the session vectors into gradients of the item vectors and of its own
 * tensors. Its forward pass must give the same as the kind in worker/session. `kinds.ts` lists the kinds.
 */
import type { EncoderTensors } from '../../../worker/session/encoder.js'
import type { Kernels } from '../../kernels/kernels.js'
import type { Floats, Ints, Memory } from '../../kernels/memory.js'
import type { Hyper } from './hyper.js'
import type { Tensors } from './tensor.js'

/**
 * A batch as the encoder sees it. Each event is a position. The positions of a session stand together, oldest first.
 */
export interface SessionBatch {
  sessions: number
  positions: number
  /** sessions + 1 values: the first position of each session, then the end of the last. */
  starts: Ints
  /** positions*dim: item vectors. The encoder adds their gradients to `dx`. */
  x: Floats
  dx: Floats
  /**
   * positions*dim: the session vector of the prefix that ends at each position, of length 1. `backward` may overwrite
   * `ds`.
   */
  s: Floats
  ds: Floats
  /** ln of the weight of each position. */
  gain: Floats
}

export interface TrainableEncoder {
  /** Writes `s`. */
  forward(batch: SessionBatch): void
  /** Reads `ds`, adds to `dx`, writes `gradients`. */
  backward(batch: SessionBatch): void
  /** Gradients of its own tensors, by name. */
  readonly gradients: Record<string, Floats>
}

/** What the trainer and the pack's writer need to know about a kind. Its tensors have the same names as in the pack. */
export interface EncoderKind {
  /** Settings in which this kind differs from `hyperFor`. */
  readonly hyper: Partial<Hyper>
  /** Creates untrained tensors. */
  start(memory: Memory, hyper: Hyper): Tensors
  /** @param positions the largest number of positions in a batch; no session is longer than the window */
  trainable(
    kernels: Kernels,
    memory: Memory,
    tensors: Tensors,
    hyper: Hyper,
    positions: number,
  ): TrainableEncoder
  /** The encoder in the form that the engine uses. */
  served(tensors: Tensors, hyper: Hyper, scale: number): EncoderTensors
  /** The same encoder for rotated items, whose vectors are x'R. `axes` is R, row-major with dim rows. */
  rotated(encoder: EncoderTensors, axes: Float64Array): EncoderTensors
  /** The values and the shape of each tensor, as sections of a pack. */
  sections(encoder: EncoderTensors): Record<string, { values: Float32Array; shape: number[] }>
}
