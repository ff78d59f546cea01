/** The settings of a training, by the size of its log. They were chosen on validation cuts of several shops' logs. */
import type { Hyper } from '../../encoders/hyper.js'
import type { Kind } from '../../encoders/kind.js'
import { KINDS } from '../../encoders/kinds.js'

/**
 * A log is dense from this many events per item on. Dense logs gain from more and smaller steps; other logs would
 * only be learned by heart.
 */
const DENSE = 100

/**
 * Logs of more events than this are long, and for them training time matters most. Their sessions are not read
 * backwards, and the last training continues from the first one, which has seen all but the latest sessions. Starting
 * from nothing would take three times as long.
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

/** Settings to continue a first training: one more epoch, at two thirds of the rate. Null if the log is not long. */
export function hyperOnwards(hyper: Hyper, events: number): Hyper | null {
  return events > LONG ? { ...hyper, rate: (hyper.rate * 2) / 3, epochs: 1 } : null
}
