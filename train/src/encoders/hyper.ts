/** The settings of a training: what it does not learn. `optimise/settings.ts` chooses them. */

import type { Kind } from './kind.js'

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
