/** A shop before some of its items came: its log and catalogue without them, and a pack trained on that. */
import type { Catalogue } from '../../train/src/data/catalogue.js'
import type { Interactions } from '../../train/src/data/interactions.js'
import { fit } from '../../train/src/model/fit/fit.js'
import { introducing, USUAL } from '../../train/src/model/fit/newcomers.js'
import { leaning } from '../../train/src/model/fit/trend.js'
import { positiveLog } from '../../train/src/model/log/log.js'
import { hyperFor } from '../../train/src/model/optimise/settings.js'
import { assemble } from '../../train/src/model/result/assemble.js'
import { modelOf } from '../../train/src/model/result/model-of.js'
import { quantise } from '../../train/src/model/result/quantise.js'
import type { TrainedModel } from '../../train/src/model/result/trained-model.js'
import { trainModel } from '../../train/src/model/train.js'
import type { LiveItem } from '../../worker/live/file.js'
import type { AttributeValue } from '../../worker/protocol.js'
import type { ServingModel } from '../../worker/rank/evidence.js'

/** To try all encoders takes too long. */
const TRAINING = { dim: 64, workers: 1, minSessions: 3, encoder: 'attention' } as const

/** What is chosen once for a shop and not again in each fold, because it takes most of a training. None of it is about items. */
interface Choices {
  blend: TrainedModel['blend']
  step: number
  lean: number
  below: number
}

export async function choicesFor(data: Interactions, catalogue: Catalogue): Promise<Choices> {
  const { blend, step, lineage, bias, hidden, popularity } = await trainModel(data, catalogue, {
    ...TRAINING,
    seed: 1,
  })
  const known = bias.filter((_, row) => popularity[row]! > 0)
  const newcomer = bias.find((_, row) => popularity[row] === 0 && !hidden[row])
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length
  return { blend, step, lean: lineage.lean ?? 0, below: newcomer === undefined ? USUAL : mean - newcomer }
}

/** @param hidden 1 for each row that neither the log nor the catalogue may have */
export async function trainedWithout(
  data: Interactions,
  catalogue: Catalogue,
  hidden: Uint8Array,
  seed: number,
  { blend, step, lean, below }: Choices,
): Promise<ServingModel> {
  const kept = [...data.ids.keys()].filter((row) => !hidden[row])
  const here = withoutEvents(data, hidden, kept)
  const offered = withoutRows(catalogue, kept)
  const { minSessions, encoder, dim, workers } = TRAINING
  const log = positiveLog(here)
  const hyper = hyperFor(encoder, log.rows.length, log.items, dim, seed)
  const fitted = await fit(log, offered, hyper, { minSessions, workers })
  const leant = introducing(await leaning({ fitted, log }, minSessions, lean), below)
  const model = await modelOf(quantise(assemble(here.ids, leant, blend, step, minSessions), null))
  const facts = factsOf(here.ids, offered)
  const { popularity } = model.catalog
  return {
    ...model,
    catalog: { ...model.catalog, facts: (row) => ({ ...facts(row), popularity: popularity(row) }) },
  }
}

/** What the catalogue says of a row, as a live file says it. */
export function factsOf(ids: readonly string[], catalogue: Catalogue): (row: number) => LiveItem {
  const { title, category, brand, price, attributes } = catalogue
  return (row) => {
    const all: [string, AttributeValue | undefined][] = [
      ['title', title?.[row]],
      ['category', category?.[row]],
      ['brand', brand?.[row]],
      ['price', price && price[row]! >= 0 ? price[row] : undefined],
      ...[...attributes].map(([name, values]): [string, string | undefined] => [name, values[row]]),
    ]
    return { id: ids[row]!, ...Object.fromEntries(all.filter(([, value]) => value !== undefined)) }
  }
}

function withoutRows(catalogue: Catalogue, kept: readonly number[]): Catalogue {
  const picked = (values: unknown) =>
    values instanceof Float64Array
      ? Float64Array.from(kept, (row) => values[row]!)
      : kept.map((row) => (values as unknown[])[row])
  const { attributes, ...columns } = catalogue
  return {
    ...Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values && picked(values)])),
    attributes: new Map([...attributes].map(([name, values]) => [name, kept.map((row) => values[row])])),
  }
}

function withoutEvents(data: Interactions, hidden: Uint8Array, kept: readonly number[]): Interactions {
  const rowOf = new Map(kept.map((row, i) => [row, i]))
  const events: number[] = []
  const offsets = [0]
  const users: number[] = []
  for (let s = 0; s + 1 < data.offsets.length; s++) {
    for (let e = data.offsets[s]!; e < data.offsets[s + 1]!; e++) if (!hidden[data.rows[e]!]) events.push(e)
    if (events.length === offsets.at(-1)) continue
    offsets.push(events.length)
    if (data.users) users.push(data.users[s]!)
  }
  return {
    ids: kept.map((row) => data.ids[row]!),
    offsets: Uint32Array.from(offsets),
    rows: Uint32Array.from(events, (e) => rowOf.get(data.rows[e]!)!),
    weights: Float32Array.from(events, (e) => data.weights[e]!),
    times: Float64Array.from(events, (e) => data.times[e]!),
    users: data.users && Int32Array.from(users),
    time: data.time,
  }
}
