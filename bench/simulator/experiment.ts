/**
 * Does it help to weigh what people do? The same log of the made-up shop is trained on with different weights, and the
 * models are asked what people of later visits will buy:
 *
 * - `views`: every step counts as a look;
 * - `signals`: purchases, baskets and looks count by their strengths, as in `nearside train`;
 * - `served`: that model, asked as the engine on the device asks it: a long look counts double, a very short one a quarter;
 * - `dwell`: a model that was trained with the engine's rule too.
 *
 * Bundled by simulate.ts, because kernels are compiled on import.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Interactions } from '../../train/src/data/interactions.js'
import { loadLog } from '../../train/src/data/load/load.js'
import { modelOf } from '../../train/src/model/result/model-of.js'
import { quantise } from '../../train/src/model/result/quantise.js'
import { trainModel } from '../../train/src/model/train.js'
import { currentSession } from '../../worker/feedback/history.js'
import { relativeToView, strengthOf } from '../../worker/feedback/signals.js'
import type { EventName, WireEvent } from '../../worker/protocol.js'
import { gather, type ServingModel } from '../../worker/rank/evidence.js'
import { retrieve } from '../../worker/rank/retrieve.js'
import { peopleFor } from './log.js'
import { Shop } from './shop.js'
import { writeShop } from './write.js'

type Weighing = 'views' | 'signals' | 'dwell'
export type Way = Weighing | 'served'
/** What a model is trained with, and what it is asked with. */
const WAYS: Record<Way, [trained: Weighing, asked: Weighing]> = {
  views: ['views', 'views'],
  signals: ['signals', 'signals'],
  served: ['signals', 'dwell'],
  dwell: ['dwell', 'dwell'],
}
const ALL = Object.keys(WAYS) as Way[]

/** What lists are judged by; see `judge`. */
const MEASURES = ['basket', 'next', 'recall', 'worth'] as const
export type Measure = (typeof MEASURES)[number]

/** The values of each way, one per prediction, and the visit that each prediction belongs to. */
export type Judged = Record<Measure, { visits: number[]; values: Record<Way, number[]> }>

/** Share of the visits, the latest, that models are asked about. */
const ASKED = 0.15
const RECALL = 20
const SHELF = 10
const STEPS: EventName[] = ['view_item', 'add_to_cart', 'purchase']
const WEIGHTS = STEPS.map((name) => Math.fround(relativeToView(strengthOf(name))))
const [, , PURCHASE] = WEIGHTS as [number, number, number]

export async function experiment(seed: number, events: number, items: number, say: (line: string) => void) {
  const shop = new Shop(items, peopleFor(events), seed)
  const folder = mkdtempSync(join(tmpdir(), 'simulate-'))
  try {
    await writeShop(shop, { folder, events, format: 'csv', exposures: false })
    const people = new Map<string, number>()
    const { data } = await loadLog({ events: [join(folder, 'events-*.csv')], clean: true, people })
    const cut = Math.ceil((data.offsets.length - 1) * (1 - ASKED))
    const models = new Map<Weighing, ServingModel>()
    for (const way of ['views', 'signals', 'dwell'] as const) {
      say(`seed ${seed}: training with ${way}`)
      const model = await trainModel(weighed(until(data, cut), way), null, {
        dim: 64,
        seed: 1,
        workers: 1,
        minSessions: 3,
      })
      models.set(way, await modelOf(quantise(model, null)))
    }
    return judge(shop, data, cut, new Map(Array.from(people, ([id, number]) => [number, id])), models)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The sessions before the given one. */
function until(data: Interactions, session: number): Interactions {
  const end = data.offsets[session]!
  return {
    ...data,
    offsets: data.offsets.slice(0, session + 1),
    rows: data.rows.slice(0, end),
    weights: data.weights.slice(0, end),
    times: data.times.slice(0, end),
    users: data.users?.slice(0, session) ?? null,
  }
}

function weighed(data: Interactions, way: Weighing): Interactions {
  const weights = new Float32Array(data.weights.length)
  for (let s = 0; s + 1 < data.offsets.length; s++) {
    const [start, end] = [data.offsets[s]!, data.offsets[s + 1]!]
    weights.set(weightsOf(data, start, end, way), start)
  }
  return { ...data, weights }
}

/** Weights of the events of a session, or of a part of it, as they are known at its last event. */
function weightsOf(
  { rows, weights, times }: Interactions,
  start: number,
  end: number,
  way: Weighing,
): ArrayLike<number> {
  if (way === 'views') return new Float32Array(end - start).fill(1)
  if (way === 'signals') return weights.subarray(start, end)
  const events = Array.from({ length: end - start }, (_, i): WireEvent => {
    const name = STEPS[WEIGHTS.indexOf(weights[start + i]!)]!
    return { id: `${i}`, name, time: times[start + i]! * 1000, items: [{ item_id: `${rows[start + i]}` }] }
  })
  const steps = currentSession(events, events.at(-1)!.time)
  if (steps.length !== events.length) throw new Error('the engine sees other steps than there are')
  return steps.map(({ weight }) => weight)
}

/**
 * - `basket`: each purchase, asked for with everything before it: 1 / rank among 20;
 * - `next`: each purchase, asked for with what was done before the item was first looked at: 1 / rank among 20;
 * - `recall`: the same, 1 where the item is among the first 20;
 * - `worth`: the true probability that an item of a list of 10 is bought once it is looked at: the mean over the list, after
 *   each look. Items that the visit has already seen are left out.
 */
function judge(
  shop: Shop,
  data: Interactions,
  cut: number,
  nameOf: ReadonlyMap<number, string>,
  models: ReadonlyMap<Weighing, ServingModel>,
): Judged {
  const itemOf = new Map(Array.from({ length: shop.items }, (_, item) => [shop.idOf(item), item]))
  const out = Object.fromEntries(
    MEASURES.map((measure) => [
      measure,
      { visits: [], values: { views: [], signals: [], served: [], dwell: [] } },
    ]),
  ) as unknown as Judged
  const { offsets, rows, weights, ids } = data
  for (let s = cut; s + 1 < offsets.length; s++) {
    const [start, end] = [offsets[s]!, offsets[s + 1]!]
    const person = shop.person(Number(nameOf.get(data.users![s]!)!.slice(1)))
    const listAt = (way: Way, event: number, limit: number, excluded?: Set<number>) => {
      const [trained, asked] = WAYS[way]
      const known = weightsOf(data, start, event, asked)
      const steps = Array.from(rows.subarray(start, event), (row, i) => ({ row, weight: known[i]! }))
      const model = models.get(trained)!
      return retrieve(model, gather(model, steps), limit, excluded).rows
    }
    const ask = (measure: Measure, value: (way: Way) => number) => {
      out[measure].visits.push(s)
      for (const way of ALL) out[measure].values[way].push(value(way))
    }
    for (let e = start + 1; e < end; e++) {
      if (weights[e] === PURCHASE) {
        const first = rows.subarray(start, end).indexOf(rows[e]!) + start
        ask('basket', (way) => reciprocal(listAt(way, e, RECALL), rows[e]!))
        if (first === start) continue
        const lists = new Map(ALL.map((way) => [way, listAt(way, first, RECALL)]))
        ask('next', (way) => reciprocal(lists.get(way)!, rows[e]!))
        ask('recall', (way) => (lists.get(way)!.includes(rows[e]!) ? 1 : 0))
      } else {
        const seen = new Set(rows.subarray(start, e))
        ask('worth', (way) => {
          const list = listAt(way, e, SHELF, seen)
          const chances = Array.from(list, (row) => shop.purchaseProbability(person, itemOf.get(ids[row]!)!))
          return chances.reduce((sum, chance) => sum + chance, 0) / SHELF
        })
      }
    }
  }
  return out
}

function reciprocal(list: Uint32Array, row: number): number {
  const at = list.indexOf(row)
  return at < 0 ? 0 : 1 / (at + 1)
}
