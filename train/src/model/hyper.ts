/** What training does not learn. Chosen on validation cuts of several shops' logs; one set serves all. */

import { KINDS, type Kind } from './kinds.js'

export interface Hyper {
  encoder: Kind
  dim: number
  seed: number
  /** Steps of a session that the encoder reads, and the longest piece of a session that is trained on. */
  window: number
  /** Events of a batch, about. */
  batch: number
  /** Draws of shared negatives; catalogues of at most `fullSoftmax` items are normalised over whole. */
  negatives: number
  fullSoftmax: number
  /** Negatives are drawn by count^smoothing. */
  smoothing: number
  rate: number
  beta1: number
  beta2: number
  /** Gradients far smaller than this hardly move anything. */
  epsilon: number
  dropout: number
  epochs: number
  /** Where the inverse temperature starts. */
  scale: number
  /** What is given and stays as it is. */
  fixed: ('items' | 'bias' | 'encoder')[]
}

export function hyperFor(encoder: Kind, events: number, dim: number, seed: number): Hyper {
  return {
    encoder,
    dim,
    seed,
    window: 50,
    batch: 1024,
    negatives: 2048,
    fullSoftmax: 2500,
    smoothing: 0.25,
    rate: 0.01,
    beta1: 0.9,
    beta2: 0.99,
    epsilon: 1e-8,
    dropout: 0.3,
    epochs: Math.min(8, Math.max(3, Math.ceil(800_000 / events))),
    scale: 12,
    fixed: [],
    ...KINDS[encoder].hyper,
  }
}
