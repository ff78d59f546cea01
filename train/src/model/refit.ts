/** `fit` for a log whose beginning an earlier pack was trained on: see warm-start.ts. */
import { Memory } from '../../kernels/memory.js'
import type { Catalogue } from '../data/catalogue.js'
import { Breath } from './breath.js'
import { addContentVectors } from './content.js'
import { pairRows } from './cooccurrence.js'
import { earlierItems, Surroundings } from './earlier.js'
import { layExamples } from './examples.js'
import type { FitOptions, Fitted } from './fit.js'
import { type Hyper, hyperFor } from './hyper.js'
import { KINDS } from './kinds.js'
import { type Log, sliceLog } from './log.js'
import { runLoop } from './loop.js'
import { introduced, USUAL } from './newcomers.js'
import { newParameters, type Parameters, REPEATS, stateOf } from './parameters.js'
import type { Parent } from './parent.js'
import { normal, random } from './random.js'
import { supportOf } from './support.js'
import { TABLES, TableBuilder } from './tables.js'
import { recencyOf, trendOf } from './trend.js'

/** Older events trained on for each new one, so that what is learned of today does not undo the rest. */
const REPLAYED = 10
/** What is there already learns by heart what it is shown often: a part of the learning rate, and once. */
const GENTLE = { epochs: 1, rate: 0.3 }
/** Fewer batches than these would so move nothing by as much as a step of its code. */
const FEW = { batches: 30, epochs: 3, rate: 1 }
/** New items start anywhere, so they learn as in a training from nothing. */
const NEW_EPOCHS = 4

/** @param known sessions that the earlier pack was trained on, from the first */
export async function refit(
  ids: string[],
  log: Log,
  known: number,
  catalogue: Catalogue | null,
  parent: Parent,
  options: FitOptions & { seed: number },
): Promise<Fitted> {
  const { items } = log
  const { seed, minSessions } = options
  const { dim, window } = parent.served.encoder
  const lean = parent.lineage.lean ?? 0
  const support = supportOf(log, minSessions)
  const { rare } = support
  const earlier = earlierItems(ids, parent)
  const builders = TABLES.map((name) => new TableBuilder(name, items, minSessions, rare))
  const surroundings = new Surroundings(earlier, rare, dim)
  const breath = new Breath(options.signal)
  for (const pairs of pairRows(log, recencyOf(lean))) {
    for (const builder of builders) builder.add(pairs)
    surroundings.add(pairs)
    if (breath.due()) await breath.take()
  }

  const usual: Hyper = { ...hyperFor(parent.kind, log.rows.length, items, dim, seed), window }
  const memory = new Memory()
  const parameters = newParameters(memory, items, usual)
  restore(parameters, parent)
  const { data: vectors } = parameters.items.w
  vectors.set(earlier.vectors)
  parameters.bias.w.data.set(earlier.bias)
  // What the earlier pack added for the trend of its day; in the end it is that of today.
  if (lean > 0) {
    const before = sliceLog(log, 0, known)
    const trend = trendOf(before, supportOf(before, minSessions), minSessions)
    for (let row = 0; row < items; row++) {
      if (earlier.own[row]) parameters.bias.w.data[row]! -= lean * trend[row]!
    }
  }
  const uniform = random(seed, 12)
  surroundings.place(vectors, uniform)
  const token = vectors.subarray(items * dim, (items + 1) * dim)
  if (earlier.token) token.set(earlier.token)
  else {
    for (let d = 0; d < dim; d++) token[d] = normal(uniform)
    const length = Math.hypot(...token)
    for (let d = 0; d < dim; d++) token[d]! /= length
  }

  // Nothing is learned of items without new sessions, nor of what all rare items share.
  const frozen = new Uint8Array(items + 1)
  for (let row = 0; row < items; row++) frozen[row] = earlier.own[row]!
  for (let e = log.offsets[known]!; e < log.rows.length; e++) frozen[log.rows[e]!] = 0
  frozen[items] = earlier.token ? 1 : 0
  const old = log.offsets[known]!
  const chance = (REPLAYED * (log.rows.length - old)) / Math.max(1, old)
  const draw = random(seed, 31)
  const taken = Uint8Array.from({ length: log.sessions }, (_, s) => (draw() < chance || s >= known ? 1 : 0))
  const examples = layExamples(memory, log, rare, { window, backwards: 0 }, (s) => taken[s] === 1)
  const begun = options.loop?.restore(stateOf(parameters))
  if (begun === undefined) {
    // First new items find their places among the others, which stand still.
    const settled = Uint8Array.from(frozen, (_, row) =>
      row < items && !rare[row] && !earlier.own[row] ? 0 : 1,
    )
    const hasNew = (s: number) =>
      log.rows.subarray(log.offsets[s], log.offsets[s + 1]).some((row) => !settled[row])
    const among = layExamples(memory, log, rare, { window, backwards: 0 }, hasNew)
    const settling: Hyper = { ...usual, epochs: NEW_EPOCHS, fixed: ['encoder'] }
    await runLoop(memory, settling, items, among, parameters, {
      ...options,
      loop: undefined,
      frozen: settled,
    })
    for (const moments of stateOf(parameters).moments) moments.fill(0)
    restore(parameters, parent)
  }
  const events = taken.reduce((sum, is, s) => sum + is * (log.offsets[s + 1]! - log.offsets[s]!), 0)
  const { epochs, rate } = events < FEW.batches * usual.batch ? FEW : GENTLE
  const hyper: Hyper = { ...usual, epochs, rate: rate * usual.rate }
  const done = await runLoop(memory, hyper, items, examples, parameters, { ...options, frozen, begun })

  const hidden = rare.slice()
  for (let row = 0; row < items; row++) if (rare[row]) vectors.set(token, row * dim)
  if (catalogue) {
    const found = addContentVectors(
      catalogue,
      rare,
      vectors.subarray(0, items * dim),
      dim,
      options.attributes,
    )
    for (let row = 0; row < items; row++) if (found[row]) hidden[row] = 0
  }
  const newcomers = rare.map((is, row) => (is && !hidden[row] ? 1 : 0))
  const bias = introduced(parameters.bias.w.data.slice(0, items), rare, newcomers, USUAL)
  const before = earlier.placed.indexOf(1)
  const trend = trendOf(log, support, minSessions)
  for (let row = 0; row < items; row++) {
    if (!rare[row]) {
      bias[row] = frozen[row] ? earlier.bias[row]! : bias[row]! + lean * trend[row]!
      continue
    }
    // New ones are shown as soon as those that the earlier pack introduced.
    if (newcomers[row] && before >= 0) bias[row] = earlier.bias[before]!
    if (!earlier.placed[row]) continue
    hidden[row] = 0
    bias[row] = earlier.bias[row]!
    vectors.set(earlier.vectors.subarray(row * dim, row * dim + dim), row * dim)
  }
  return {
    support,
    tables: builders.map((builder) => builder.table()),
    vectors: vectors.slice(0, items * dim),
    hidden,
    newcomers,
    bias,
    token: token.slice(),
    repeat: parameters.repeat.w.data.slice(0, REPEATS),
    encoder: KINDS[hyper.encoder].served(parameters.encoder, hyper, Math.exp(parameters.scale.w.data[0]!)),
    done,
  }
}

/** The encoder of a pack, and what it adds to the logits of repeats, as parameters. */
function restore(parameters: Parameters, { folder, served: { encoder, blend } }: Parent): void {
  parameters.scale.w.data[0] = Math.log(encoder.scale)
  parameters.repeat.w.data.set(blend.repeat.subarray(0, REPEATS))
  for (const [name, { values }] of Object.entries(KINDS[encoder.kind].sections(encoder))) {
    const { data } = parameters.encoder[name]!.w
    if (data.length !== ((values.length + 3) & ~3)) {
      throw new Error(
        `${folder}: its encoder has ${values.length} values of ${name}, expected ${data.length}: it was not trained here, so it ` +
          'cannot be trained on.',
      )
    }
    data.set(values)
  }
}
