/**
 * Do strengths help to predict carts and purchases? On a log of a real shop with event types. The same log is trained on with
 * every event as a look (`looks`), and with the strengths (`strengths`). Asked about are the carts and purchases of the test
 * log: right before the event, and before the item was first looked at in the visit. `served` is the second model, asked as the
 * engine on the device asks it: with long looks and bounces.
 */
import type { Interactions } from '../../train/src/data/interactions.js'
import { loadLog } from '../../train/src/data/load/load.js'
import { type Interval, intervals } from '../../train/src/evaluate/figures/bootstrap.js'
import { modelOf } from '../../train/src/model/result/model-of.js'
import { quantise } from '../../train/src/model/result/quantise.js'
import { trainModel } from '../../train/src/model/train.js'
import { currentSession } from '../../worker/feedback/history.js'
import { relativeToView, strengthOf } from '../../worker/feedback/signals.js'
import type { EventName, WireEvent } from '../../worker/protocol.js'
import { gather, type ServingModel } from '../../worker/rank/evidence.js'
import { retrieve } from '../../worker/rank/retrieve.js'

const WAYS = ['looks', 'strengths', 'served'] as const
type Way = (typeof WAYS)[number]
const DEPTH = 20
const STEPS: EventName[] = ['view_item', 'add_to_cart', 'add_to_wishlist', 'purchase']
const WEIGHTS = STEPS.map((name) => Math.fround(relativeToView(strengthOf(name))))

export interface Weighed {
  /** By what is asked. */
  [question: string]: {
    asked: number
    /** 1 / rank among 20, and share among 20: means over seeds and questions. */
    mrr: Record<Way, number>
    recall: Record<Way, number>
    /** Differences of the first, paired, with 95 % intervals over visits. */
    strengths: [difference: number, interval: Interval]
    served: [difference: number, interval: Interval]
  }
}

export async function measureCarts(
  train: string,
  test: string,
  seeds: readonly number[],
  say: (line: string) => void,
): Promise<Weighed> {
  const { data } = await loadLog({ events: [train], clean: true })
  const { data: asked } = await loadLog({ events: [test] })
  const values = new Map<string, { sessions: number[]; ranks: Record<Way, number[]> }>()
  for (const seed of seeds) {
    const trained = async (log: Interactions) =>
      modelOf(
        quantise(
          await trainModel(log, null, { dim: 64, seed, workers: 1, minSessions: 3, encoder: 'attention' }),
          null,
        ),
      )
    say(`seed ${seed}`)
    const looks = await trained({ ...data, weights: new Float32Array(data.weights.length).fill(1) })
    const strengths = await trained(data)
    ask(asked, { looks, strengths, served: strengths }, (question, session, ranks) => {
      const known = values.get(question) ?? { sessions: [], ranks: { looks: [], strengths: [], served: [] } }
      values.set(question, known)
      known.sessions.push(session)
      for (const way of WAYS) known.ranks[way].push(ranks[way])
    })
  }
  return Object.fromEntries(
    Array.from(values, ([question, found]) => [question, figures(found, seeds.length)]),
  )
}

function figures({ sessions, ranks }: { sessions: number[]; ranks: Record<Way, number[]> }, seeds: number) {
  // Sessions in rising order, so that all seeds of a session are drawn together.
  const order = [...sessions.keys()].sort((a, b) => sessions[a]! - sessions[b]!)
  const numbers = [...new Set(order.map((i) => sessions[i]!))]
  const sessionOf = Uint32Array.from(order, (i) => numbers.indexOf(sessions[i]!))
  const reciprocal = (way: Way) => order.map((i) => (ranks[way][i]! > 0 ? 1 / ranks[way][i]! : 0))
  const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length
  const less = (a: Way, b: Way): [number, Interval] => {
    const [x, y] = [reciprocal(a), reciprocal(b)]
    const difference = Float64Array.from(x, (value, i) => value - y[i]!)
    return [mean([...difference]), intervals([difference], sessionOf, 1)[0]!]
  }
  const each = (value: (way: Way) => number) =>
    Object.fromEntries(WAYS.map((way) => [way, value(way)])) as Record<Way, number>
  return {
    asked: sessions.length / seeds,
    mrr: each((way) => mean(reciprocal(way))),
    recall: each((way) => mean(ranks[way].map((rank) => Number(rank > 0)))),
    strengths: less('strengths', 'looks'),
    served: less('served', 'strengths'),
  }
}

function ask(
  { offsets, rows, weights, times, ids }: Interactions,
  models: Record<Way, ServingModel>,
  found: (question: string, session: number, ranks: Record<Way, number>) => void,
): void {
  for (let s = 0; s + 1 < offsets.length; s++) {
    const [start, end] = [offsets[s]!, offsets[s + 1]!]
    for (let e = start + 1; e < end; e++) {
      const name = nameOf(weights[e]!)
      if (name === 'view_item') continue
      const rankAt = (way: Way, at: number) => {
        const model = models[way]
        const row = model.catalog.rowOf(ids[rows[e]!]!)
        const steps = stepsOf(way, model, { ids, rows, weights, times }, start, at)
        if (row < 0 || steps.length === 0) return 0
        return retrieve(model, gather(model, steps), DEPTH).rows.indexOf(row) + 1
      }
      const ranksAt = (at: number) =>
        Object.fromEntries(WAYS.map((way) => [way, rankAt(way, at)])) as Record<Way, number>
      const what = name === 'purchase' ? 'purchases' : 'carts'
      found(`${what}, just before`, s, ranksAt(e))
      const first = rows.subarray(start, end).indexOf(rows[e]!) + start
      if (first > start) found(`${what}, not yet seen`, s, ranksAt(first))
    }
  }
}

function nameOf(weight: number): EventName {
  return STEPS[WEIGHTS.indexOf(weight)]!
}

function stepsOf(
  way: Way,
  { catalog }: ServingModel,
  { ids, rows, weights, times }: Pick<Interactions, 'ids' | 'rows' | 'weights' | 'times'>,
  start: number,
  end: number,
) {
  const inPack = <T extends { id: string }>(list: T[]) =>
    list.map((entry) => ({ ...entry, row: catalog.rowOf(entry.id) })).filter(({ row }) => row >= 0)
  const events = Array.from({ length: end - start }, (_, i) => ({
    id: ids[rows[start + i]!]!,
    weight: way === 'looks' ? 1 : weights[start + i]!,
  }))
  if (way !== 'served') return inPack(events)
  const log = events.map(
    ({ id }, i): WireEvent => ({
      id: `${i}`,
      name: nameOf(weights[start + i]!),
      time: times[start + i]! * 1000,
      items: [{ item_id: id }],
    }),
  )
  return inPack(currentSession(log, log.at(-1)!.time))
}
