/**
 * Does weighting clicks by position recover the truth? In the made-up shop people look from the top down, so what stands at the
 * top is clicked more than it attracts. The log has everything that was shown. Two models are trained on it: `naive`, where
 * all clicks count alike, and `corrected`, where they are weighted by the attention that is estimated from the same log.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Interactions } from '../../train/src/data/interactions.js'
import type { LoggedLists } from '../../train/src/data/lists.js'
import { loadLog } from '../../train/src/data/load/load.js'
import { positionBias } from '../../train/src/model/positions/propensity.js'
import { weighted } from '../../train/src/model/positions/weighted.js'
import { modelOf } from '../../train/src/model/result/model-of.js'
import { quantise } from '../../train/src/model/result/quantise.js'
import { trainModel } from '../../train/src/model/train.js'
import { gather, type ServingModel, viewsOf } from '../../worker/rank/evidence.js'
import { retrieve } from '../../worker/rank/retrieve.js'
import { peopleFor, visits } from '../simulator/log.js'
import { Shop } from '../simulator/shop.js'
import { BIAS } from '../simulator/visit.js'

/** Share of the visits, the latest, that models are asked about. */
const ASKED = 0.15
const SHELF = 10

export interface SimulatedBias {
  shown: number
  clicks: number
  /** At positions 1 to 12: how many people look there, in truth, by the estimate, and by clicks per impression alone. */
  truth: number[]
  estimate: number[]
  clickRate: number[]
  /** Rank correlation of items with how much they truly attract. */
  attraction: { naive: number; corrected: number }
  /** The true probability of a click on an item of a list of ten, once it is looked at: by visit, one mean each. */
  worth: { naive: number[]; corrected: number[] }
}

export async function simulateBias(seed: number, events: number, items: number): Promise<SimulatedBias> {
  const shop = new Shop(items, peopleFor(events), seed)
  const folder = mkdtempSync(join(tmpdir(), 'bias-'))
  try {
    const path = join(folder, 'log.csv')
    writeFileSync(path, logOf(shop, events))
    const people = new Map<string, number>()
    const { data, lists } = await loadLog({ events: [path], lists: true, people })
    const cut = Math.ceil((data.offsets.length - 1) * (1 - ASKED))
    const known = until(lists!, data.times[data.offsets[cut]!]!)
    const { propensity } = positionBias(known)
    const trained = async (log: Interactions) => {
      const options = { dim: 64, seed: 1, workers: 1, minSessions: 3, encoder: 'attention' } as const
      return modelOf(quantise(await trainModel(log, null, options), null))
    }
    const before = earlier(data, cut)
    const models = {
      naive: await trained(before),
      corrected: await trained(weighted(before, propensity)),
    }
    const numbers = new Map(Array.from(people, ([name, number]) => [number, Number(name.slice(1))]))
    return {
      shown: known.items.length,
      clicks: known.clicked.reduce((sum, click) => sum + click, 0),
      truth: Array.from(propensity, (_, p) => (1 + p) ** -BIAS),
      estimate: [...propensity],
      clickRate: clickRates(known, propensity.length),
      attraction: attractions(shop, known, propensity),
      worth: {
        naive: worthOf(models.naive, shop, data, cut, numbers),
        corrected: worthOf(models.corrected, shop, data, cut, numbers),
      },
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function logOf(shop: Shop, events: number): string {
  const lines = ['session_id,user_id,item_id,timestamp,event_type,position,request_id']
  for (const { number, person, happenings, exposures } of visits(shop, events, true)) {
    const who = `v${number},u${person}`
    let list = 0
    const listOf = new Map<string, number>()
    for (const { item, time, position, clicked } of exposures) {
      if (position === 1) list++
      if (clicked) listOf.set(`${item}`, list)
      lines.push(`${who},${shop.idOf(item)},${time},view_item_list,${position},v${number}-${list}`)
    }
    for (const { item, time, kind, position } of happenings) {
      const place = position > 0 ? `${position},v${number}-${listOf.get(`${item}`)}` : ','
      lines.push(`${who},${shop.idOf(item)},${time},${kind},${place}`)
    }
  }
  return `${lines.join('\n')}\n`
}

function until(lists: LoggedLists, time: number): LoggedLists {
  const end = lists.times.findIndex((t) => t >= time)
  const entries = end < 0 ? lists.items.length : lists.offsets[end]!
  return {
    ...lists,
    items: lists.items.subarray(0, entries),
    positions: lists.positions.subarray(0, entries),
    clicked: lists.clicked.subarray(0, entries),
  }
}

function earlier(data: Interactions, sessions: number): Interactions {
  const end = data.offsets[sessions]!
  return {
    ...data,
    offsets: data.offsets.slice(0, sessions + 1),
    rows: data.rows.slice(0, end),
    weights: data.weights.slice(0, end),
    times: data.times.slice(0, end),
    places: data.places!.slice(0, end),
    users: data.users!.slice(0, sessions),
  }
}

function clickRates({ positions, clicked }: LoggedLists, length: number): number[] {
  const [shown, clicks] = [new Float64Array(length), new Float64Array(length)]
  positions.forEach((p, e) => {
    shown[p]!++
    clicks[p]! += clicked[e]!
  })
  return Array.from(clicks, (n, p) => n / shown[p]! / (clicks[0]! / shown[0]!))
}

/** Clicks of each item beside what was shown of it, and beside what of that was looked at. */
function attractions(shop: Shop, lists: LoggedLists, propensity: Float64Array) {
  const { ids, items, positions, clicked } = lists
  const itemOf = new Map(Array.from({ length: shop.items }, (_, item) => [shop.idOf(item), item]))
  const [shown, looked, clicks] = [0, 1, 2].map(() => new Float64Array(ids.length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  items.forEach((item, e) => {
    shown[item]!++
    looked[item]! += propensity[positions[e]!]!
    clicks[item]! += clicked[e]!
  })
  const often = [...ids.keys()].filter((item) => shown[item]! >= 100)
  const truth = often.map((item) => shop.lure[itemOf.get(ids[item]!)!]!)
  return {
    naive: correlation(
      truth,
      often.map((item) => clicks[item]! / shown[item]!),
    ),
    corrected: correlation(
      truth,
      often.map((item) => clicks[item]! / looked[item]!),
    ),
  }
}

/** Spearman's. */
function correlation(a: readonly number[], b: readonly number[]): number {
  const ranks = (values: readonly number[]) => {
    const order = [...values.keys()].sort((i, j) => values[i]! - values[j]!)
    const rank = new Float64Array(values.length)
    order.forEach((i, r) => {
      rank[i] = r - (values.length - 1) / 2
    })
    return rank
  }
  const [x, y] = [ranks(a), ranks(b)]
  const product = (u: Float64Array, v: Float64Array) => u.reduce((sum, value, i) => sum + value * v[i]!, 0)
  return product(x, y) / Math.sqrt(product(x, x) * product(y, y))
}

function worthOf(
  model: ServingModel,
  shop: Shop,
  { offsets, rows, users, ids }: Interactions,
  cut: number,
  numbers: ReadonlyMap<number, number>,
): number[] {
  const itemOf = new Map(Array.from({ length: shop.items }, (_, item) => [shop.idOf(item), item]))
  const means: number[] = []
  const ours = Int32Array.from(ids, (id) => model.catalog.rowOf(id))
  for (let s = cut; s + 1 < offsets.length; s++) {
    const person = shop.person(numbers.get(users![s]!)!)
    const seen = Array.from(rows.subarray(offsets[s]!, offsets[s + 1]!), (row) => ours[row]!).filter(
      (row) => row >= 0,
    )
    if (seen.length === 0) continue
    const list = retrieve(model, gather(model, viewsOf(seen)), SHELF, new Set(seen)).rows
    const chances = Array.from(list, (row) =>
      shop.clickProbability(person, itemOf.get(model.catalog.idOf(row))!),
    )
    means.push(chances.reduce((sum, chance) => sum + chance, 0) / Math.max(1, chances.length))
  }
  return means
}
