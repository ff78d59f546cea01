/** `fit` for a log whose beginning an earlier pack was trained on: see warm-start.ts. */

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

/** An item is trained again each time that its events have grown by about so much. */
const GROWTH = 1.1

/** @param known sessions that the earlier pack was trained on, from the first */
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
  else randomToken(token, uniform)

  // Whose evidence has grown, new ones first of all, finds its place among the others, which stand still: they, and
  // the encoder, would only learn by heart what they are shown again night after night.
  const frozen = new Uint8Array(items + 1).fill(1)
  const before = milestones(sliceLog(log, 0, known))
  const after = milestones(log)
  for (let row = 0; row < items; row++) {
    if (!rare[row] && (!earlier.own[row] || after[row]! > before[row]!)) frozen[row] = 0
  }
  if (!earlier.token) frozen[items] = 0
  // Who was not seen since keeps even the trend of that day, to the last byte.
  const unseen = earlier.own.slice()
  for (let e = log.offsets[known]!; e < log.rows.length; e++) unseen[log.rows[e]!] = 0
  const begun = options.loop?.restore(stateOf(parameters))
  const moves = (s: number) =>
    log.rows.subarray(log.offsets[s], log.offsets[s + 1]).some((row) => frozen[row] === 0)
  const examples = layExamples(memory, log, rare, usual, moves)
  const hyper: Hyper = { ...usual, fixed: ['encoder'] }
  const done = await runLoop(memory, hyper, items, examples, parameters, { ...options, frozen, begun })
  // What was learned about repeats is learned from these sessions alone.
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
    // New ones are shown as soon as those that the earlier pack introduced.
    if (newcomers[row] && introducedBefore >= 0) bias[row] = earlier.bias[introducedBefore]!
    if (!earlier.placed[row]) continue
    hidden[row] = 0
    bias[row] = earlier.bias[row]!
    placed.set(earlier.vectors.subarray(row * dim, row * dim + dim), row * dim)
  }
  return fitted
}

/** How often each item's events have grown by GROWTH. */
function milestones({ items, rows }: Log): Float64Array {
  const counts = new Float64Array(items)
  for (const row of rows) counts[row]!++
  return counts.map((count) => Math.floor(Math.log(count + 1) / Math.log(GROWTH)))
}

/** The encoder of a pack, and what it adds to the logits of repeats, as parameters. */
function restore(parameters: Parameters, { folder, served: { encoder, blend } }: ParentPack): void {
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
