/**
 * The user tower: a session's recent items to a query vector s of length 1 in the items' own space, and
 *
 *     logit_i = scale * s . e_i + bias_i
 *
 * There are three kinds of encoder, which make s in different ways: `attention.ts`, `gru.ts`, and `mixed`, the direction
 * of the sum of both. This is the only definition of the forward pass: browsers, evaluation and golden checks run it, and
 * the trainer's kernels are tested against it.
 */
import { direction } from '../compute/vector.js'
import { type AttentionTensors, attend } from './attention.js'
import { type GruTensors, recur } from './gru.js'
import type { Reading, Step } from './kind.js'

export type { Step } from './kind.js'

/** The tensors of both kinds. */
export type MixedTensors = Omit<AttentionTensors, 'kind'> & Omit<GruTensors, 'kind'> & { kind: 'mixed' }

export type EncoderTensors = AttentionTensors | GruTensors | MixedTensors

/** The item's vector, Float32Array of dim. */
export type VectorOf = (row: number) => Float32Array

/** The steps that the encoder read, their vectors, and the result. */
export interface Encoded extends Reading {
  steps: readonly Step[]
  vectors: Float32Array[]
}

/** The whole forward pass. */
export function encode(t: EncoderTensors, session: readonly Step[], vectorOf: VectorOf): Encoded {
  const steps = session.slice(-t.window)
  const vectors = steps.map(({ row }) => vectorOf(row))
  const attended = t.kind === 'gru' ? undefined : attend(t, steps, vectors)
  const recurred = t.kind === 'attention' ? undefined : recur(t, steps, vectors)
  const reading = attended && recurred ? mix(t.dim, attended, recurred) : (attended ?? recurred)!
  return { steps, vectors, ...reading }
}

/** The sum of both unit vectors, scaled to length 1. */
function mix(dim: number, a: Reading, b: Reading): Reading {
  return {
    vector: a.vector && b.vector && direction(dim, [a.vector, b.vector], [1, 1]),
    weights: a.weights.map((weight, j) => weight + b.weights[j]!),
  }
}
