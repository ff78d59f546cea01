/**
 * Batches for speed.ts, and the trainer's own time on them. speed.ts bundles it, because kernels are compiled on import.
 *
 * The log is made up, because speed does not depend on what the log says. Popularity falls as rank^-0.8, and sessions are as
 * long as in shops' logs.
 */

import { instantiate } from '../../train/kernels/kernels.js'
import { Memory } from '../../train/kernels/memory.js'
import type { Hyper } from '../../train/src/encoders/hyper.js'
import type { Kind } from '../../train/src/encoders/kind.js'
import { adamStep } from '../../train/src/encoders/tensor.js'
import { normal, permutation, random } from '../../train/src/maths/random.js'
import type { Log } from '../../train/src/model/log/log.js'
import { batches, layExamples } from '../../train/src/model/optimise/examples.js'
import { negatives } from '../../train/src/model/optimise/negatives.js'
import { newParameters, REPEATS } from '../../train/src/model/optimise/parameters.js'
import { hyperFor } from '../../train/src/model/optimise/settings.js'
import { Stepper } from '../../train/src/model/optimise/step.js'

const ITEMS = 20_000
const DIM = 64
const SEED = 1
/** The learning rate falls so slowly that it is the same in all batches. */
const FAR = 1e9

/** What the trainer and PyTorch are both given. */
export interface Spec extends Hyper {
  items: number
  repeats: number
  warmUp: number
  /** How often each item is a target. */
  counts: number[]
  /** Sessions of each batch, as rows of items. */
  batches: number[][][]
}

export interface Timed {
  events: number
  cpuSeconds: number
  loss: number
}

function madeUpLog(sessions: number): Log {
  const uniform = random(SEED, 41)
  const offsets = [0]
  const rows: number[] = []
  for (let s = 0; s < sessions; s++) {
    // 2 to 50 events, 5 on average.
    const length = Math.min(50, 2 + Math.floor(-3.5 * Math.log(1 - uniform())))
    for (let e = 0; e < length; e++) rows.push(Math.floor(ITEMS * uniform() ** 5))
    offsets.push(rows.length)
  }
  return {
    items: ITEMS,
    sessions,
    offsets: Uint32Array.from(offsets),
    rows: Uint32Array.from(rows),
    weights: new Float32Array(rows.length).fill(1),
    ends: Float64Array.from({ length: sessions }, (_, s) => s),
    persons: Int32Array.from({ length: sessions }, (_, s) => s),
  }
}

/** @param timed number of batches to time, after a third as many to warm up */
export function prepare(encoder: Kind, timed: number) {
  const warmUp = Math.ceil(timed / 3)
  const hyper = hyperFor(encoder, 1_000_000, ITEMS, DIM, SEED)
  const memory = new Memory()
  const log = madeUpLog(Math.ceil(((timed + warmUp + 2) * hyper.batch) / 3.5))
  const examples = layExamples(memory, log, new Uint8Array(ITEMS), hyper)
  const { pieces, tokens } = examples
  const counts = examples.counts.data
  const order = permutation(pieces.data.length / 2, random(SEED, 42))
  const bounds = batches(examples, order, hyper.batch)
  const chosen = Array.from({ length: warmUp + timed }, (_, b) => order.subarray(bounds[b], bounds[b + 1]))
  const session = (piece: number) => [
    ...tokens.data.subarray(pieces.data[2 * piece], pieces.data[2 * piece + 1]),
  ]
  const spec: Spec = {
    ...hyper,
    items: ITEMS,
    repeats: REPEATS,
    warmUp,
    counts: Array.from(counts.subarray(0, ITEMS)),
    batches: chosen.map((part) => Array.from(part, session)),
  }

  const run = (): Timed => {
    const parameters = newParameters(memory, ITEMS, hyper)
    startAnew(parameters.items.w.data)
    const frozen = new Int32Array(ITEMS + 1)
    const draws = negatives(counts, hyper.negatives, hyper.fullSoftmax, hyper.smoothing)
    const stepper = new Stepper(
      instantiate(memory),
      memory,
      hyper,
      examples,
      parameters,
      draws,
      ITEMS,
      frozen,
    )
    let loss = 0
    let begun = process.cpuUsage()
    for (const [number, part] of chosen.entries()) {
      if (number === warmUp) begun = process.cpuUsage()
      const mean = stepper.run(part, number, adamStep(number, FAR, hyper))
      if (number >= warmUp) loss += mean / timed
    }
    const { user, system } = process.cpuUsage(begun)
    const events = spec.batches
      .slice(warmUp)
      .flat()
      .reduce((sum, rows) => sum + rows.length - 1, 0)
    return { events, cpuSeconds: (user + system) / 1e6, loss }
  }
  return { spec, run }
}

/** Random directions: PyTorch starts from such vectors too. */
function startAnew(vectors: Float32Array): void {
  const uniform = random(SEED, 43)
  for (let at = 0; at < ITEMS * DIM; at += DIM) {
    const row = vectors.subarray(at, at + DIM)
    for (let d = 0; d < DIM; d++) row[d] = normal(uniform)
    const length = Math.hypot(...row)
    for (let d = 0; d < DIM; d++) row[d]! /= length
  }
}
