/**
 * One whole training on a log: tables, initial vectors, training loop. `train.ts` runs this first on a part of the log,
 * then on all of it.
 */

import { instantiate } from '../../../kernels/kernels.js'
import { Memory } from '../../../kernels/memory.js'
import type { Catalogue } from '../../data/catalogue.js'
import type { Hyper } from '../../encoders/hyper.js'
import { KINDS } from '../../encoders/kinds.js'
import { random } from '../../maths/random.js'
import { Breath } from '../../running/breath.js'
import type { Log } from '../log/log.js'
import { supportOf } from '../log/support.js'
import { layExamples } from '../optimise/examples.js'
import { runLoop } from '../optimise/loop.js'
import { newParameters, type Parameters, stateOf } from '../optimise/parameters.js'
import { hyperAround, placeImported } from '../start/imported.js'
import { MutualInformation } from '../start/initial.js'
import type { ParentItems } from '../start/parent-items.js'
import { Surroundings } from '../start/surroundings.js'
import type { FitOptions, Fitted } from './fitted.js'
import { learned, randomToken, tablesOf } from './shared.js'

/**
 * @param catalogue describes the items in the rows of the log; null if there is none
 * @throws {RangeError} when the training would not fit into memory
 * @throws the signal's reason when it is aborted
 */
export async function fit(
  log: Log,
  catalogue: Catalogue | null,
  hyper: Hyper,
  options: FitOptions,
): Promise<Fitted> {
  const { items } = log
  const { imported, firstFit } = options
  const support = supportOf(log, options.minSessions, imported?.known)
  // 1 for items without a vector of their own. They share the vector of the rare token.
  const ownless = imported?.content ? imported.known.map((known) => 1 - known) : support.rare
  const information = imported || firstFit ? undefined : new MutualInformation(items, support.rare)
  // Finds start vectors for items that had no vector of their own in the first training.
  const surroundings = firstFit && new Surroundings(withVectors(firstFit), support.rare, hyper.dim)
  const breath = new Breath(options.signal)
  const tables = await tablesOf(log, support, options.minSessions, breath, {
    others: [...(surroundings ? [surroundings] : []), ...(information ? [information] : [])],
  })

  const memory = new Memory()
  const tuned = imported ? hyperAround(imported, hyper) : hyper
  const parameters = newParameters(memory, items, tuned)
  if (imported) placeImported(imported, ownless, memory, parameters)
  else if (firstFit) {
    placeFitted(firstFit, parameters)
    surroundings?.place(parameters.items.w.data, random(hyper.seed, 12))
  }
  const begun = options.loop?.restore(stateOf(parameters))
  if (information && begun === undefined) await startVectors(information, parameters, items, hyper, breath)

  const examples = layExamples(memory, log, ownless, hyper)
  const done = await runLoop(memory, tuned, items, examples, parameters, { ...options, begun })

  return learned(support, tables, parameters, tuned, done, {
    catalogue,
    ownless,
    attributes: options.attributes,
    biased: (row) => imported?.bias != null && !ownless[row],
  })
}

/** Writes the item vectors that training starts from, and a random vector for the rare token. */
async function startVectors(
  information: MutualInformation,
  parameters: Parameters,
  items: number,
  { dim, seed }: Hyper,
  breath: Breath,
): Promise<void> {
  const { data: vectors } = parameters.items.w
  // A memory of its own, which is freed when this computation ends.
  const scratch = new Memory()
  await information.vectors(instantiate(scratch), scratch, dim, seed, vectors, breath)
  const uniform = random(seed, 12)
  const token = vectors.subarray(items * dim, (items + 1) * dim)
  randomToken(token, uniform)
}

function withVectors({ vectors, support }: Fitted): Pick<ParentItems, 'vectors' | 'own'> {
  return { vectors, own: support.rare.map((rare) => 1 - rare) }
}

/** Sets the parameters to the values that the first training ended with. */
function placeFitted(firstFit: Fitted, { items, bias, repeat, scale, encoder }: Parameters): void {
  items.w.data.set(firstFit.vectors)
  items.w.data.set(firstFit.token, firstFit.vectors.length)
  bias.w.data.set(firstFit.bias)
  repeat.w.data.set(firstFit.repeat)
  scale.w.data[0] = Math.log(firstFit.encoder.scale)
  for (const [name, { values }] of Object.entries(KINDS[firstFit.encoder.kind].sections(firstFit.encoder))) {
    encoder[name]!.w.data.set(values)
  }
}
