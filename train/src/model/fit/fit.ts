/** One whole training on a log: tables, initial vectors, loop. `train.ts` does this for a part of the log, then for all. */

import type { EncoderTensors } from '../../../../worker/session/encoder.js'
import { instantiate } from '../../../kernels/kernels.js'
import { Memory } from '../../../kernels/memory.js'
import type { Catalogue } from '../../data/catalogue.js'
import { normal, random } from '../../maths/random.js'
import type { NeighbourTable } from '../../pack/content.js'
import { Breath } from '../../running/breath.js'
import { addContentVectors } from '../content/content.js'
import type { Hyper } from '../encoders/hyper.js'
import { KINDS } from '../encoders/kinds.js'
import type { Log } from '../log/log.js'
import { type Support, supportOf } from '../log/support.js'
import { layExamples } from '../optimise/examples.js'
import { type LoopOptions, runLoop } from '../optimise/loop.js'
import { newParameters, type Parameters, REPEATS, stateOf } from '../optimise/parameters.js'
import { type Given, hyperAround, placeGiven } from '../start/imported.js'
import { MutualInformation } from '../start/initial.js'
import { type Earlier, Surroundings } from '../start/parent-items.js'
import { pairRows } from '../tables/cooccurrence.js'
import { TABLES, TableBuilder } from '../tables/tables.js'
import { introduced, USUAL } from './newcomers.js'

export interface Fitted {
  support: Support
  tables: NeighbourTable[]
  /** items*dim; rare items have one made from content, else the rare token's. */
  vectors: Float32Array
  /** 1 for rare items without content: no scan returns them. */
  hidden: Uint8Array
  /** 1 for items that are shown by content alone, without a history or a bias of their own. */
  newcomers: Uint8Array
  bias: Float32Array
  /** The vector that all rare items share. */
  token: Float32Array
  repeat: Float32Array
  encoder: EncoderTensors
  /** Share of the training that was done: below 1 where it was cut short. */
  done: number
}

export interface FitOptions extends Pick<LoopOptions, 'workers' | 'signal' | 'enough' | 'loop' | 'onBatch'> {
  minSessions: number
  /** What is not trained but stays as it is. */
  given?: Given | undefined
  /** A training on a part of the same log that this one goes on from. */
  start?: Fitted | undefined
  /** Columns of the catalogue that are features, beside those that always are. */
  attributes?: readonly string[] | undefined
}

/** @param catalogue describes the items of the log's rows, where there is one */
export async function fit(
  log: Log,
  catalogue: Catalogue | null,
  hyper: Hyper,
  options: FitOptions,
): Promise<Fitted> {
  const { items } = log
  const { given, start } = options
  const support = supportOf(log, options.minSessions, given?.known)
  // Items without a vector of their own: they share that of the rare token.
  const ownless = given?.content ? given.known.map((known) => 1 - known) : support.rare
  const builders = TABLES.map((name) => new TableBuilder(name, items, options.minSessions, support.rare))
  const information = new MutualInformation(items, support.rare)
  // Where items begin that had no vector of their own in the training before.
  const surroundings = start && new Surroundings(withVectors(start), support.rare, hyper.dim)
  const breath = new Breath(options.signal)
  for (const pairs of pairRows(log)) {
    for (const builder of builders) builder.add(pairs)
    surroundings?.add(pairs)
    if (!given && !start) information.add(pairs)
    if (breath.due()) await breath.take()
  }

  const memory = new Memory()
  const tuned = given ? hyperAround(given, hyper) : hyper
  const parameters = newParameters(memory, items, tuned)
  if (given) placeGiven(given, ownless, memory, parameters)
  else if (start) {
    placeFitted(start, parameters)
    surroundings?.place(parameters.items.w.data, random(hyper.seed, 12))
  }
  const begun = options.loop?.restore(stateOf(parameters))
  if (!given && !start && begun === undefined)
    await startVectors(information, parameters, items, hyper, breath)

  const examples = layExamples(memory, log, ownless, hyper)
  const done = await runLoop(memory, tuned, items, examples, parameters, { ...options, begun })

  const { dim } = hyper
  const vectors = parameters.items.w.data.slice(0, items * dim)
  const bias = parameters.bias.w.data.slice(0, items)
  const hidden = ownless.slice()
  const token = parameters.items.w.data.subarray(items * dim, (items + 1) * dim)
  for (let row = 0; row < items; row++) if (ownless[row]) vectors.set(token, row * dim)
  if (catalogue) {
    const found = addContentVectors(catalogue, ownless, vectors, dim, options.attributes)
    for (let row = 0; row < items; row++) if (found[row]) hidden[row] = 0
  }
  const newcomers = support.rare.map((rare, row) =>
    rare && !hidden[row] && !(given?.bias && !ownless[row]) ? 1 : 0,
  )
  return {
    support,
    tables: builders.map((builder) => builder.table()),
    vectors,
    hidden,
    newcomers,
    bias: introduced(bias, support.rare, newcomers, USUAL),
    token: token.slice(),
    repeat: parameters.repeat.w.data.slice(0, REPEATS),
    encoder: KINDS[hyper.encoder].served(parameters.encoder, tuned, Math.exp(parameters.scale.w.data[0]!)),
    done,
  }
}

/** Item vectors to train from, and a random one for what all rare items share. */
async function startVectors(
  information: MutualInformation,
  parameters: Parameters,
  items: number,
  { dim, seed }: Hyper,
  breath: Breath,
): Promise<void> {
  const { data: vectors } = parameters.items.w
  // What the start needs is let go of with its memory.
  const scratch = new Memory()
  await information.vectors(instantiate(scratch), scratch, dim, seed, vectors, breath)
  const uniform = random(seed, 12)
  const token = vectors.subarray(items * dim, (items + 1) * dim)
  for (let d = 0; d < dim; d++) token[d] = normal(uniform)
  const length = Math.hypot(...token)
  for (let d = 0; d < dim; d++) token[d]! /= length
}

function withVectors({ vectors, support }: Fitted): Pick<Earlier, 'vectors' | 'own'> {
  return { vectors, own: support.rare.map((rare) => 1 - rare) }
}

/** Parameters as an earlier training left them. */
function placeFitted(start: Fitted, { items, bias, repeat, scale, encoder }: Parameters): void {
  items.w.data.set(start.vectors)
  items.w.data.set(start.token, start.vectors.length)
  bias.w.data.set(start.bias)
  repeat.w.data.set(start.repeat)
  scale.w.data[0] = Math.log(start.encoder.scale)
  for (const [name, { values }] of Object.entries(KINDS[start.encoder.kind].sections(start.encoder))) {
    encoder[name]!.w.data.set(values)
  }
}
