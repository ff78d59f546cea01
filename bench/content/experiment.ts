/**
 * Are items found that nobody has looked at yet? Two sets of items lose their history in a training log, as if they were not
 * on sale yet. The first set loses all of it. The second set loses all but the part that the trainer holds out, so that the
 * trainer meets newcomers as it does in a shop. Then models are asked about later steps to the first set, and other steps.
 */
import type { Interactions } from '../../train/src/data/interactions.js'
import { loadLog } from '../../train/src/data/load/load.js'
import type { Kind } from '../../train/src/encoders/kind.js'
import { permutation, random } from '../../train/src/maths/random.js'
import { measure } from '../../train/src/model/blend/measure.js'
import { positiveLog, sliceLog } from '../../train/src/model/log/log.js'
import { type Question, questions } from '../../train/src/model/log/predictions.js'
import { modelOf } from '../../train/src/model/result/model-of.js'
import { quantise } from '../../train/src/model/result/quantise.js'
import type { TrainedModel } from '../../train/src/model/result/trained-model.js'
import { trainModel } from '../../train/src/model/train.js'
import { gather, type ServingModel } from '../../worker/rank/evidence.js'
import { relevance } from '../../worker/rank/relevance.js'

/** Share of the sessions, the latest, that is asked about; and share of the training log that the trainer holds out. */
const ASKED = 0.1
const HELD_OUT = 0.05
/** Share of the items in each of the two sets. */
const NEW = 0.12
/** Steps to other items that are asked about, roughly. */
const OTHERS = 4000

export interface Options {
  events: string
  catalogue: string
  attributes: string[]
  minSessions: number
  encoder: Kind | 'auto'
  seed: number
  say(line: string): void
}

type Accuracy = { recall20: number; mrr20: number }

export interface Row {
  name: string
  /** Steps to new items, found among all items and among the new ones alone; steps to other items; all steps. */
  fresh: Accuracy
  amongNew: { recall5: number; mrr: number }
  others: Accuracy
  all: Accuracy
}

export interface Arrivals {
  /** Columns of numbers that were used as features too. */
  attributes: string[]
  items: number
  asked: number
  rows: Row[]
}

export async function arrivals(options: Options): Promise<Arrivals> {
  const { attributes, minSessions, encoder, seed, say } = options
  const log = await loadLog({ events: [options.events], catalogue: options.catalogue, clean: true })
  const { data, catalogue } = log
  const whole = positiveLog(data)
  const cut = Math.ceil(whole.sessions * (1 - ASKED))
  const arrived = Math.ceil(cut * (1 - HELD_OUT))
  const seen = [...new Set(sliceLog(whole, 0, arrived).rows)].sort((a, b) => a - b)
  const each = Math.ceil(NEW * seen.length)
  const drawn = Array.from(permutation(seen.length, random(seed, 99)), (i) => seen[i]!)
  const unseen = new Set(drawn.slice(0, each))
  const late = new Set(drawn.slice(each, 2 * each))

  const held = sliceLog(whole, cut, whole.sessions)
  const all = ([0, 1] as const).flatMap((part) => questions(held, part, Number.POSITIVE_INFINITY))
  const fresh = all.filter(({ target }) => unseen.has(target))
  const rest = all.filter(({ target }) => !unseen.has(target))
  const others = rest.filter((_, i) => i % Math.ceil(rest.length / OTHERS) === 0)
  const share = fresh.length / all.length

  const rows: Row[] = []
  const add = async (name: string, model: TrainedModel) => {
    const served = await modelOf(quantise(model, null))
    const found = { fresh: await measure(served, fresh), others: await measure(served, others) }
    const mean = (of: keyof Accuracy) => share * found.fresh[of] + (1 - share) * found.others[of]
    const row = {
      name,
      ...found,
      amongNew: amongThese(served, fresh, Uint32Array.from(unseen).sort()),
      all: { recall20: mean('recall20'), mrr20: mean('mrr20') },
    }
    rows.push(row)
    say(JSON.stringify(row))
  }
  const before = without(data, cut, (row, s) => unseen.has(row) || (late.has(row) && s < arrived))
  const training = { dim: 64, seed, workers: 1, minSessions, encoder, attributes }
  const model = await trainModel(before, catalogue, training)
  const newcomer = (row: number) => model.popularity[row] === 0 && model.hidden[row] === 0
  const known = model.bias.filter((_, row) => model.popularity[row]! > 0)
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length
  await add('not shown', { ...model, hidden: model.hidden.map((is, row) => (newcomer(row) ? 1 : is)) })
  await add('as `nearside train` shows them', model)
  await add('as if they sold like the rest', {
    ...model,
    bias: model.bias.map((value, row) => (newcomer(row) ? mean : value)),
  })
  return { attributes, items: unseen.size, asked: fresh.length, rows }
}

/** How well the target is told apart from the other new items. */
function amongThese(model: ServingModel, asked: readonly Question[], rows: Uint32Array): Row['amongNew'] {
  let hits = 0
  let reciprocal = 0
  for (const { steps, target } of asked) {
    const scores = relevance(model, gather(model, steps), rows)
    const own = scores[rows.indexOf(target)]!
    const rank = scores.filter((score) => score >= own).length
    if (own <= 0) continue
    if (rank <= 5) hits++
    reciprocal += 1 / rank
  }
  return { recall5: hits / asked.length, mrr: reciprocal / asked.length }
}

/** The first sessions, without the events that are taken out. */
function without(
  data: Interactions,
  sessions: number,
  missing: (row: number, session: number) => boolean,
): Interactions {
  const kept: number[] = []
  const offsets = [0]
  const users: number[] = []
  for (let s = 0; s < sessions; s++) {
    for (let e = data.offsets[s]!; e < data.offsets[s + 1]!; e++) if (!missing(data.rows[e]!, s)) kept.push(e)
    if (kept.length === offsets.at(-1)) continue
    offsets.push(kept.length)
    if (data.users) users.push(data.users[s]!)
  }
  return {
    ...data,
    offsets: Uint32Array.from(offsets),
    rows: Uint32Array.from(kept, (e) => data.rows[e]!),
    weights: Float32Array.from(kept, (e) => data.weights[e]!),
    times: Float64Array.from(kept, (e) => data.times[e]!),
    users: data.users && Int32Array.from(users),
  }
}
