/**
 * The log as training examples: pieces of sessions whose every event but the last is an input, and whose every event
 * but the first is a target. Rare items are one token, number `items`.
 */
import type { Ints, Memory, Place } from '../../kernels/memory.js'
import type { Log } from './log.js'

export interface Examples {
  /** Token of each event. */
  tokens: Ints
  /** Strength of each event, as float bits would be read by kernels: weights relative to a view. */
  weights: { at: number; data: Float32Array }
  /** First event of each piece, and the end of the last: Ints of pieces + 1, as pairs (start, end). */
  pieces: Ints
  /** How often each token is a target, and at least 1 for one that only ever opens sessions; in the whole log. */
  counts: Ints
}

export interface ExamplePlaces {
  tokens: Place
  weights: Place
  pieces: Place
  counts: Place
}

/** @param taken whether a session is trained on; all are by default */
export function layExamples(
  memory: Memory,
  log: Log,
  rare: Uint8Array,
  window: number,
  taken: (session: number) => boolean = () => true,
): Examples {
  const tokens = memory.ints(log.rows.length)
  const weights = memory.floats(log.rows.length)
  for (let e = 0; e < log.rows.length; e++) {
    const row = log.rows[e]!
    tokens.data[e] = rare[row] ? log.items : row
  }
  weights.data.set(log.weights)
  const counts = memory.ints(log.items + 1)
  const bounds: number[] = []
  for (let s = 0; s < log.sessions; s++) {
    const end = log.offsets[s + 1]!
    for (let e = log.offsets[s]! + 1; e < end; e++) counts.data[tokens.data[e]!]!++
    if (!taken(s)) continue
    // A long session is cut; the pieces overlap by one event, which is the last target and the next first input.
    for (let start = log.offsets[s]!; start < end - 1; start += window) {
      bounds.push(start, Math.min(end, start + window + 1))
    }
  }
  for (let s = 0; s < log.sessions; s++) {
    const start = log.offsets[s]!
    const first = tokens.data[start]!
    // What only ever opens sessions can still be a wrong answer.
    if (log.offsets[s + 1]! - start > 1 && counts.data[first] === 0) counts.data[first] = 1
  }
  // Rare items are no targets.
  counts.data[log.items] = 0
  const pieces = memory.ints(bounds.length)
  pieces.data.set(bounds)
  return { tokens, weights, pieces, counts }
}

export function examplePlaces({ tokens, weights, pieces, counts }: Examples): ExamplePlaces {
  return {
    tokens: { at: tokens.at, length: tokens.data.length },
    weights: { at: weights.at, length: weights.data.length },
    pieces: { at: pieces.at, length: pieces.data.length },
    counts: { at: counts.at, length: counts.data.length },
  }
}

export function examplesAt(memory: Memory, places: ExamplePlaces): Examples {
  return {
    tokens: memory.intsAt(places.tokens),
    weights: memory.floatsAt(places.weights),
    pieces: memory.intsAt(places.pieces),
    counts: memory.intsAt(places.counts),
  }
}

/** Pieces of each batch of an epoch: [from, to) in the epoch's order, about `batch` events each. */
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
