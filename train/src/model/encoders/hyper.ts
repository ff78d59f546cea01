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
  /** Strength of sessions that are read backwards, beside those that are read as they were; 0 for none. */
  backwards: number
  /** Where the inverse temperature starts. */
  scale: number
  /** What is given and stays as it is. */
  fixed: ('items' | 'bias' | 'encoder')[]
}

/** Where there are so many events to an item, more and smaller steps find more; elsewhere they only learn by heart. */
const DENSE = 100

/**
 * Events above which time is what is short: sessions are only read as they were, and the last training goes on from the
 * one that choices were made on, which knows all but the latest sessions. From nothing it would take three times as long.
 */
const LONG = 2_000_000

export function hyperFor(encoder: Kind, events: number, items: number, dim: number, seed: number): Hyper {
  const dense = events >= DENSE * items
  return {
    encoder,
    dim,
    seed,
    window: 50,
    batch: dense ? 256 : 1024,
    negatives: 2048,
    fullSoftmax: 2500,
    smoothing: 0.25,
    rate: 0.01,
    beta1: 0.9,
    beta2: 0.99,
    epsilon: 1e-8,
    dropout: 0.3,
    epochs: dense ? Math.min(12, Math.max(3, Math.ceil(1_200_000 / events))) : 3,
    backwards: dense || events > LONG ? 0 : 0.5,
    scale: 12,
    fixed: [],
    ...KINDS[encoder].hyper,
  }
}

/** What going on needs: one more epoch, at two thirds of the rate. Null where the log is shorter. */
export function hyperOnwards(hyper: Hyper, events: number): Hyper | null {
  return events > LONG ? { ...hyper, rate: (hyper.rate * 2) / 3, epochs: 1 } : null
}
