/**
 * The questions of a test log: for each event after the first of its session, which item comes next? Rows are those
 * of the pack. An item that the pack does not know is -1. As in a browser, it is not a step of the session, and it is
 * a miss if it comes next.
 */
import type { Interactions } from '../../data/interactions.js'
import { permutation, random } from '../../maths/random.js'

export interface Questions {
  /** Sessions of two or more events: start of each in `rows`, and the end. */
  offsets: Uint32Array
  rows: Int32Array
  /** Items by the test log's own numbers, for baselines that know other items than the pack. */
  items: Uint32Array
  weights: Float32Array
  /** Session of each question, ascending from 0. */
  sessionOf: Uint32Array
  /** The number of each of these sessions in the test log. */
  sessions: readonly number[]
}

/** @param sample use only this many sessions, drawn at random; the same seed draws the same ones */
export function questionsOf(
  { ids, offsets, rows, weights }: Interactions,
  rowOf: (id: string) => number,
  sample: number | undefined,
  seed: number,
): Questions {
  const all = Array.from({ length: offsets.length - 1 }, (_, s) => s).filter(
    (s) => offsets[s + 1]! - offsets[s]! > 1,
  )
  const chosen = sample === undefined || sample >= all.length ? all : choose(all, sample, seed)
  const events = chosen.flatMap((s) =>
    Array.from({ length: offsets[s + 1]! - offsets[s]! }, (_, i) => offsets[s]! + i),
  )
  const known = Int32Array.from(ids, rowOf)
  const starts = new Uint32Array(chosen.length + 1)
  for (const [i, s] of chosen.entries()) starts[i + 1] = starts[i]! + offsets[s + 1]! - offsets[s]!
  return {
    offsets: starts,
    rows: Int32Array.from(events, (e) => known[rows[e]!]!),
    items: Uint32Array.from(events, (e) => rows[e]!),
    weights: Float32Array.from(events, (e) => weights[e]!),
    sessionOf: Uint32Array.from(
      chosen.flatMap((s, i) => new Array<number>(offsets[s + 1]! - offsets[s]! - 1).fill(i)),
    ),
    sessions: chosen,
  }
}

function choose(all: readonly number[], count: number, seed: number): number[] {
  const picked = permutation(all.length, random(seed, 0x5a)).subarray(0, count)
  return Array.from(picked.sort(), (i) => all[i]!)
}
