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
}

export interface ExamplePlaces {
  tokens: Place
  weights: Place
  pieces: Place
}

export function layExamples(memory: Memory, log: Log, rare: Uint8Array, window: number): Examples {
  const tokens = memory.ints(log.rows.length)
  const weights = memory.floats(log.rows.length)
  for (let e = 0; e < log.rows.length; e++) {
    const row = log.rows[e]!
    tokens.data[e] = rare[row] ? log.items : row
  }
  weights.data.set(log.weights)
  const bounds: number[] = []
  for (let s = 0; s < log.sessions; s++) {
    const end = log.offsets[s + 1]!
    // A long session is cut; the pieces overlap by one event, which is the last target and the next first input.
    for (let start = log.offsets[s]!; start < end - 1; start += window) {
      bounds.push(start, Math.min(end, start + window + 1))
    }
  }
  const pieces = memory.ints(bounds.length)
  pieces.data.set(bounds)
  return { tokens, weights, pieces }
}

export function examplePlaces({ tokens, weights, pieces }: Examples): ExamplePlaces {
  return {
    tokens: { at: tokens.at, length: tokens.data.length },
    weights: { at: weights.at, length: weights.data.length },
    pieces: { at: pieces.at, length: pieces.data.length },
  }
}

export function examplesAt(memory: Memory, places: ExamplePlaces): Examples {
  return {
    tokens: memory.intsAt(places.tokens),
    weights: memory.floatsAt(places.weights),
    pieces: memory.intsAt(places.pieces),
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
