/**
 * Measures how a pack orders the lists of a shop's server: nearside's main work. Each event of a test session is looked for
 * in the lists that several kinds of servers would send, in the server's order and in ours.
 */
import type { ServingModel } from '../../../../worker/rank/evidence.js'
import type { Interactions } from '../../data/interactions.js'
import type { PackFigures } from '../../pack/weigh.js'
import { Breath } from '../../running/breath.js'
import { quantile } from '../figures/metrics.js'
import { interestsBySession } from '../questions/history.js'
import { mustKnowSome } from '../questions/known.js'
import { only, type Part } from '../questions/parts.js'
import { assortmentOf } from './assortment.js'
import { type Cell, cellsBelow, Tally } from './cells.js'
import { clicksIn, type ShownLists } from './logged.js'
import { type RankQuestion, rankQuestions, sessionsAsked } from './questions.js'
import { rankerOf } from './replay.js'
import {
  categoryServer,
  itemKnnServer,
  popularityServer,
  type Server,
  type ServerList,
  staleServer,
} from './servers.js'

export interface RankOptions {
  parts: readonly Part[]
  /** Use only this many sessions, drawn at random. */
  sample?: number | undefined
  /** The log that the pack was trained on, for the servers that need it. */
  train?: Interactions | undefined
  /** The model of the stale server. */
  stale?: ServingModel | undefined
  /** The lists that the test log shows, if any. */
  lists?: ShownLists | null | undefined
  /** Earlier visits of the same people. */
  history?: Interactions | undefined
  signal?: AbortSignal | undefined
  onProgress?: ((phase: string, done: number, total: number) => void) | undefined
}

export interface RankEvaluation {
  task: 'rank'
  predictions: number
  sessions: number
  sampled: boolean
  /** By the server's name: what it sends, for people. */
  servers: Record<string, string>
  /** By the server's name and the cell's. */
  sources: Record<string, Record<string, Cell>>
  /** The cells in which the server's order is better for certain. */
  below: string[]
  /** Servers that were left out, and what they need. */
  missing: string[]
  /** Time of one ranking of a list that has the next item, without the evidence. */
  latencyMs: { p50: number; p95: number }
  pack?: PackFigures
}

/** @throws when the log has no session of two events, or the pack knows none of its items */
export async function evaluateRank(
  model: ServingModel,
  test: Interactions,
  { parts, sample, train, stale, lists, history, signal, onProgress }: RankOptions,
): Promise<RankEvaluation> {
  const { catalog } = model
  mustKnowSome(catalog, test.ids)
  const { sessions, questions } = sessionsAsked(test, catalog, sample)
  if (sessions.length === 0) throw new Error('The log has no session of two events: nothing comes next.')
  const assortment = assortmentOf(catalog, test, train, lists?.ids)
  const servers: Server[] = [
    ...(train ? [itemKnnServer(train, assortment)] : []),
    ...(stale ? [staleServer(stale, assortment)] : []),
    popularityServer(assortment),
    categoryServer(catalog, assortment),
  ]
  const ranker = rankerOf(
    only(model, parts),
    assortment,
    history && interestsBySession(test, history, catalog),
  )
  const clicks = lists && clicksIn(lists, assortment)
  const logged: Server = {
    name: 'logged',
    about: "the shop's own lists, as the log shows them",
    list: () => shown,
  }
  let shown: ServerList | undefined
  if (clicks) servers.push(logged)
  const tallies = new Map(servers.map(({ name }) => [name, new Tally()]))
  const isRare = (item: number | undefined) =>
    item !== undefined && (item >= catalog.size || catalog.popularity(item) === 0)
  const askedOf = ({ before, target }: RankQuestion) => ({
    t: before.length,
    seen: before.includes(target),
    rareStep: isRare(before.at(-1)),
    rareTarget: isRare(target),
  })
  const breath = new Breath(signal)
  let done = 0
  for (const question of rankQuestions(test, sessions, catalog, assortment)) {
    const ask = (server: Server, asked: RankQuestion) => {
      const places = ranker.place(server, asked)
      if (places) tallies.get(server.name)!.add(asked.session, askedOf(asked), places)
    }
    for (const server of servers) if (server !== logged) ask(server, question)
    for (const { list, target } of clicks?.(question.logged, question.before.length) ?? []) {
      shown = list
      ask(logged, { ...question, target })
    }
    done++
    if (breath.due()) {
      await breath.take()
      onProgress?.('replay', done, questions)
    }
  }
  onProgress?.('intervals', 0, servers.length)
  const sources: RankEvaluation['sources'] = {}
  for (const [name, tally] of tallies) {
    sources[name] = tally.cells()
    await breath.take()
    onProgress?.('intervals', Object.keys(sources).length, servers.length)
  }
  const latency = Float64Array.from(ranker.latency)
  return {
    task: 'rank',
    predictions: questions,
    sessions: sessions.length,
    sampled: sample !== undefined && sessions.length === sample,
    servers: Object.fromEntries(servers.map(({ name, about }) => [name, about])),
    sources,
    below: cellsBelow(sources),
    missing: [
      ...(train ? [] : ['item-knn needs --train']),
      ...(stale ? [] : ['stale needs --train or --stale']),
      ...(lists ? [] : ['logged needs impressions in the log: view_item_list with position and request_id']),
    ],
    latencyMs: { p50: quantile(latency, 0.5), p95: quantile(latency, 0.95) },
  }
}
