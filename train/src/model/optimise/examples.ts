/**
 * The log as training examples: pieces of sessions. In a piece, every event but the last is an input, and every event
 * but the first is a target. All rare items are one token with the number `items`.
 *
 * The sessions of sparse shops are also read backwards (`Hyper.backwards`): an item that came before is a good guess of
 * what may come next, and items that only ever open sessions become targets.
 */
import type { Ints, Memory, Place } from '../../../kernels/memory.js'
import type { Hyper } from '../../encoders/hyper.js'
import type { Log } from '../log/log.js'

export interface Examples {
  /** Token of each event. */
  tokens: Ints
  /** Strength of each event, relative to a view; times `backwards` for events that are read backwards. */
  weights: { at: number; data: Float32Array }
  /** How much each event counts as a target, besides that; empty if all count alike. */
  trust: { at: number; data: Float32Array }
  /** 2 * pieces values: the first event of each piece and the event after its last, as pairs (start, end). */
  pieces: Ints
  /**
   * How often each token is a target in the whole log. Items that only ever open sessions have 1; items that never
   * stand next to another, and the rare token, have 0.
   */
  counts: Ints
}

export interface ExamplePlaces {
  tokens: Place
  weights: Place
  trust: Place
  pieces: Place
  counts: Place
}

/**
 * Writes the examples into the shared memory.
 * @param rare 1 for items that become the rare token
 * @param taken whether a session is trained on; by default all are
 */
export function layExamples(
  memory: Memory,
  log: Log,
  rare: Uint8Array,
  { window, backwards }: Pick<Hyper, 'window' | 'backwards'>,
  taken: (session: number) => boolean = () => true,
): Examples {
  const n = log.rows.length
  const directions = backwards > 0 ? [1, backwards] : [1]
  const tokens = memory.ints(directions.length * n)
  const weights = memory.floats(directions.length * n)
  const counts = memory.ints(log.items + 1)
  const trust = memory.floats(log.trust ? directions.length * n : 0)
  const bounds: number[] = []
  for (const [back, strength] of directions.entries()) {
    for (let s = 0; s < log.sessions; s++) {
      const [from, to] = [log.offsets[s]!, log.offsets[s + 1]!]
      const [start, end] = [from + back * n, to + back * n]
      for (let e = 0; e < to - from; e++) {
        const at = back ? to - 1 - e : from + e
        const row = log.rows[at]!
        tokens.data[start + e] = rare[row] ? log.items : row
        weights.data[start + e] = strength * log.weights[at]!
        if (log.trust) trust.data[start + e] = log.trust[at]!
        if (e > 0) counts.data[tokens.data[start + e]!]!++
      }
      if (!taken(s)) continue
      // A long session is cut into pieces that overlap by one event: the last target is the first input of the next.
      for (let first = start; first < end - 1; first += window) {
        bounds.push(first, Math.min(end, first + window + 1))
      }
    }
  }
  for (let s = 0; s < log.sessions; s++) {
    const start = log.offsets[s]!
    const first = tokens.data[start]!
    // An item that only ever opens sessions is counted once, so that it can be drawn as a negative.
    if (log.offsets[s + 1]! - start > 1 && counts.data[first] === 0) counts.data[first] = 1
  }
  // The rare token is never a target.
  counts.data[log.items] = 0
  const pieces = memory.ints(bounds.length)
  pieces.data.set(bounds)
  return { tokens, weights, trust, pieces, counts }
}

export function examplePlaces({ tokens, weights, trust, pieces, counts }: Examples): ExamplePlaces {
  return {
    tokens: { at: tokens.at, length: tokens.data.length },
    weights: { at: weights.at, length: weights.data.length },
    trust: { at: trust.at, length: trust.data.length },
    pieces: { at: pieces.at, length: pieces.data.length },
    counts: { at: counts.at, length: counts.data.length },
  }
}

export function examplesAt(memory: Memory, places: ExamplePlaces): Examples {
  return {
    tokens: memory.intsAt(places.tokens),
    weights: memory.floatsAt(places.weights),
    trust: memory.floatsAt(places.trust),
    pieces: memory.intsAt(places.pieces),
    counts: memory.intsAt(places.counts),
  }
}

/**
 * Cuts an epoch into batches of at most `batch` events; a longer piece is a batch of its own.
 * @param order the pieces in the order of the epoch
 * @returns bounds: batch i holds the pieces order[bounds[i]] to order[bounds[i + 1] - 1]
 */
export function batches(examples: Examples, order: Uint32Array, batch: number): Uint32Array {
  const bounds = [0]
  let events = 0
  const { data } = examples.pieces
  for (let i = 0; i < order.length; i++) {
    const length = data[2 * order[i]! + 1]! - data[2 * order[i]!]! - 1
    if (events > 0 && events + length > batch) {
      bounds.push(i)
      events = 0
    }
    events += length
  }
  bounds.push(order.length)
  return Uint32Array.from(bounds)
}
