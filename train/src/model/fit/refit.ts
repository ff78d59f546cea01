/** Like `fit`, but for a log whose first sessions an earlier pack was trained on. See warm-start.ts. */

import { Memory } from '../../../kernels/memory.js'
import type { Catalogue } from '../../data/catalogue.js'
import type { Hyper } from '../../encoders/hyper.js'
import { KINDS } from '../../encoders/kinds.js'
import { random } from '../../maths/random.js'
import { Breath } from '../../running/breath.js'
import { type Log, sliceLog } from '../log/log.js'
import { supportOf } from '../log/support.js'
import { layExamples } from '../optimise/examples.js'
import { runLoop } from '../optimise/loop.js'
import { newParameters, type Parameters, REPEATS, stateOf } from '../optimise/parameters.js'
import { hyperFor } from '../optimise/settings.js'
import { parentItems } from '../start/parent-items.js'
import type { ParentPack } from '../start/parent-pack.js'
import { Surroundings } from '../start/surroundings.js'
import type { FitOptions, Fitted } from './fitted.js'
import { learned, randomToken, tablesOf } from './shared.js'
import { recencyOf, trendOf } from './trend.js'

/** An item is trained again each time its number of events has grown by about this factor. */
const GROWTH = 1.1

/**
 * @param known how many sessions at the start of the log the earlier pack was trained on
 * @throws {Error} when the pack's encoder has another shape than the encoders trained here
 * @throws {RangeError} when the training would not fit into memory
 * @throws the signal's reason when it is aborted
 */
export async function refit(
  ids: string[],
  log: Log,
  known: number,
  catalogue: Catalogue | null,
  parent: ParentPack,
  options: FitOptions & { seed: number },
): Promise<Fitted> {
  const { items } = log
  const { seed, minSessions } = options
  const { dim, window } = parent.served.encoder
  const lean = parent.lineage.lean ?? 0
  const support = supportOf(log, minSessions)
  const { rare } = support
  const earlier = parentItems(ids, parent)
  const surroundings = new Surroundings(earlier, rare, dim)
  const breath = new Breath(options.signal)
  const tables = await tablesOf(log, support, minSessions, breath, {
    recency: recencyOf(lean),
    others: [surroundings],
  })

  const usual: Hyper = { ...hyperFor(parent.kind, log.rows.length, items, dim, seed), window }
  const memory = new Memory()
  const parameters = newParameters(memory, items, usual)
  restore(parameters, parent)
  const { data: vectors } = parameters.items.w
  vectors.set(earlier.vectors)
  parameters.bias.w.data.set(earlier.bias)
  // The earlier pack added the trend of its own day to the biases. Take it off; today's trend is added at the end.
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
  else randomToken(token, uniform)

  // Items whose evidence has grown, new items above all, are trained. All other items and the encoder stay fixed: they
  // see the same sessions every night and would only learn them by heart.
  const frozen = new Uint8Array(items + 1).fill(1)
  const before = milestones(sliceLog(log, 0, known))
  const after = milestones(log)
  for (let row = 0; row < items; row++) {
    if (!rare[row] && (!earlier.own[row] || after[row]! > before[row]!)) frozen[row] = 0
  }
  if (!earlier.token) frozen[items] = 0
  // Items without an event since keep exactly the same bias, with the trend of that day.
  const unseen = earlier.own.slice()
  for (let e = log.offsets[known]!; e < log.rows.length; e++) unseen[log.rows[e]!] = 0
  const begun = options.loop?.restore(stateOf(parameters))
  const moves = (s: number) =>
    log.rows.subarray(log.offsets[s], log.offsets[s + 1]).some((row) => frozen[row] === 0)
  const examples = layExamples(memory, log, rare, usual, moves)
  const hyper: Hyper = { ...usual, fixed: ['encoder'] }
  const done = await runLoop(memory, hyper, items, examples, parameters, { ...options, frozen, begun })
  // The loop has trained the repeat terms too, but only on the sessions taken here. Put the earlier ones back.
  restore(parameters, parent)

  const fitted = learned(support, tables, parameters, hyper, done, {
    catalogue,
    ownless: rare,
    attributes: options.attributes,
  })
  const introducedBefore = earlier.placed.indexOf(1)
  const trend = trendOf(log, support, minSessions)
  const { vectors: placed, hidden, bias, newcomers } = fitted
  for (let row = 0; row < items; row++) {
    if (!rare[row]) {
      bias[row] = unseen[row] ? earlier.bias[row]! : bias[row]! + lean * trend[row]!
      continue
    }
    // New items get the same bias as the items that the earlier pack showed by content alone.
    if (newcomers[row] && introducedBefore >= 0) bias[row] = earlier.bias[introducedBefore]!
    if (!earlier.placed[row]) continue
    hidden[row] = 0
    bias[row] = earlier.bias[row]!
    placed.set(earlier.vectors.subarray(row * dim, row * dim + dim), row * dim)
  }
  return fitted
}

/** For each item, how many times its number of events has grown by the factor GROWTH. */
function milestones({ items, rows }: Log): Float64Array {
  const counts = new Float64Array(items)
  for (const row of rows) counts[row]!++
  return counts.map((count) => Math.floor(Math.log(count + 1) / Math.log(GROWTH)))
}

/** Sets the parameters to the pack's encoder and repeat terms. */
function restore(parameters: Parameters, { folder, served: { encoder, blend } }: ParentPack): void {
  parameters.scale.w.data[0] = Math.log(encoder.scale)
  parameters.repeat.w.data.set(blend.repeat.subarray(0, REPEATS))
  for (const [name, { values }] of Object.entries(KINDS[encoder.kind].sections(encoder))) {
    const { data } = parameters.encoder[name]!.w
    if (data.length !== ((values.length + 3) & ~3)) {
      throw new Error(
        `${folder}: its encoder has ${values.length} values of ${name}, expected ${data.length}. It was not trained by ` +
          'nearside, so training cannot continue from it.',
      )
    }
    data.set(values)
  }
}
