/** The settings of a training by the size of its log, chosen on validation cuts of several shops' logs. */
import type { Hyper } from '../../encoders/hyper.js'
import type { Kind } from '../../encoders/kind.js'
import { KINDS } from '../../encoders/kinds.js'

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
