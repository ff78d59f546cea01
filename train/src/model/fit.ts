/** One whole training on a log: tables, initial vectors, loop. `train.ts` does this for a part of the log, then for all. */

import type { AttentionTensors } from '../../../worker/session/encoder.js'
import { instantiate } from '../../kernels/kernels.js'
import { Memory } from '../../kernels/memory.js'
import type { NeighbourTable } from '../pack/content.js'
import { attentionTensors } from './attention.js'
import { eachPairRow } from './cooccurrence.js'
import { layExamples } from './examples.js'
import type { Hyper } from './hyper.js'
import { MutualInformation } from './initial.js'
import type { Log } from './log.js'
import { runLoop } from './loop.js'
import { newParameters, REPEATS } from './parameters.js'
import { normal, random } from './random.js'
import { type Support, supportOf } from './support.js'
import { TABLES, TableBuilder } from './tables.js'

export interface Fitted {
  support: Support
  tables: NeighbourTable[]
  /** items*dim; rare items have the rare token's. */
  vectors: Float32Array
  bias: Float32Array
  repeat: Float32Array
  encoder: AttentionTensors
}

export interface FitOptions {
  workers: number
  minSessions: number
  signal?: AbortSignal | undefined
  onBatch?(done: number, total: number, loss: number): void
}

export async function fit(log: Log, hyper: Hyper, options: FitOptions): Promise<Fitted> {
  const { dim, seed } = hyper
  const { items } = log
  const support = supportOf(log, options.minSessions)
  const builders = TABLES.map((name) => new TableBuilder(name, items, options.minSessions, support.rare))
  const information = new MutualInformation(items, support.rare)
  eachPairRow(log, (pairs) => {
    for (const builder of builders) builder.add(pairs)
    information.add(pairs)
  })

  const memory = new Memory()
  const parameters = newParameters(memory, items, hyper)
  const { data: vectors } = parameters.items.w
  // What the start needs is let go of with its memory.
  const scratch = new Memory()
  information.vectors(instantiate(scratch), scratch, dim, seed, vectors)
  const uniform = random(seed, 12)
  const token = vectors.subarray(items * dim, (items + 1) * dim)
  for (let d = 0; d < dim; d++) token[d] = normal(uniform)
  const length = Math.hypot(...token)
  for (let d = 0; d < dim; d++) token[d]! /= length

  const examples = layExamples(memory, log, support.rare, hyper.window)
  await runLoop(memory, hyper, items, examples, parameters, options)

  for (let row = 0; row < items; row++) if (support.rare[row]) vectors.set(token, row * dim)
  return {
    support,
    tables: builders.map((builder) => builder.table()),
    vectors: vectors.slice(0, items * dim),
    bias: parameters.bias.w.data.slice(0, items),
    repeat: parameters.repeat.w.data.slice(0, REPEATS),
    encoder: attentionTensors(parameters.encoder, dim, hyper.window, Math.exp(parameters.scale.w.data[0]!)),
  }
}
