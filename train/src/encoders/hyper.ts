/** The settings of a training, which it does not learn itself. `optimise/settings.ts` chooses them. */

import type { Kind } from './kind.js'

export interface Hyper {
  encoder: Kind
  dim: number
  seed: number
  /** How many steps of a session the encoder reads. Training cuts sessions into pieces of at most this length. */
  window: number
  /** About how many events a batch has. */
  batch: number
  /** Draws of shared negatives for each batch. With at most `fullSoftmax` items, all items are used instead. */
  negatives: number
  fullSoftmax: number
  /** The chance that an item is drawn as a negative is proportional to count^smoothing. */
  smoothing: number
  /** Learning rate at the first batch. It falls linearly to 0. */
  rate: number
  beta1: number
  beta2: number
  /** Adam's epsilon: gradients far smaller than this hardly move anything. */
  epsilon: number
  dropout: number
  epochs: number
  /** Weight of sessions that are also read backwards; 0 if none are. */
  backwards: number
  /** Start value of the inverse temperature. */
  scale: number
  /** Parameters that are given and not trained. */
  fixed: ('items' | 'bias' | 'encoder')[]
}
