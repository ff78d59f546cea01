/**
 * Held-out lists, as the engine scores them before the second stage: what the second stage is fitted and judged on. The lists
 * are those of servers that a shop could have (`evaluate/rank/servers.ts`).
 */

import type { WireEvent } from '../../../worker/protocol.js'
import { type Candidates, contextOf, type Step } from '../../../worker/rank/candidates.js'
import { dislikes } from '../../../worker/rank/dislikes.js'
import { gather, type ServingModel } from '../../../worker/rank/evidence.js'
import { given } from '../../../worker/rank/given.js'
import { NO_REFUSALS } from '../../../worker/rank/refusals.js'
import { features, score } from '../../../worker/rank/score.js'
import { isJudged, tellsSomething } from '../../../worker/rank/scored.js'
import { weighServerOrder } from '../../../worker/rank/server-order.js'
import { STAGE, stageOf } from '../../../worker/shape/stage-features.js'
import type { Interactions } from '../data/interactions.js'
import { interestsOf, type Returns, returnsIn } from '../evaluate/questions/history.js'
import { assortmentOf } from '../evaluate/rank/assortment.js'
import { rankQuestions } from '../evaluate/rank/questions.js'
import { categoryServer, itemKnnServer, popularityServer } from '../evaluate/rank/servers.js'
import { Breath } from '../running/breath.js'

/** The candidates of one list that are ordered by score, in the server's order. */
export interface StageList {
  session: number
  /** Name of the server. */
  server: string
  scores: Float64Array
  /** STAGE.length values each. */
  features: Float32Array
  /** The places that these candidates share, ascending, from 0. */
  places: Uint16Array
  /** Which of them comes next. */
  target: number
}

const SCORED: readonly Step[] = [features, dislikes, score, weighServerOrder]

/**
 * @param model that learned nothing from the sessions asked about
 * @param known the sessions that it learned from
 * @param held the later sessions
 * @param limit most questions, from whole sessions
 * @returns lists of even sessions, and of odd ones: those that have the next item among the candidates that can be ordered
 */
export async function stageLists(
  model: ServingModel,
  known: Interactions,
  held: Interactions,
  limit: number,
  signal?: AbortSignal,
): Promise<[StageList[], StageList[]]> {
  const { catalog } = model
  const assortment = assortmentOf(catalog, held, known)
  const servers = [
    itemKnnServer(known, assortment),
    popularityServer(assortment),
    categoryServer(catalog, assortment),
  ]
  const earlier = earlierOf(held, known, catalog.rowOf)
  const lists: [StageList[], StageList[]] = [[], []]
  const breath = new Breath(signal)
  const asked = spread(held, limit)
  for (const question of rankQuestions(held, asked, catalog, assortment)) {
    if (question.before.length === 0) continue
    const found = earlier?.visits.get(question.logged)
    const interests = found && interestsOf(found, earlier!.rowOf)
    const evidence = gather(model, question.steps, interests)
    if (!tellsSomething(model, evidence)) continue
    const events = [...(found ? [lastOf(found)] : []), ...question.events]
    for (const { name: server, list } of servers) {
      const made = list(question)
      const at = made ? made.items.indexOf(question.target) : -1
      if (at < 0) continue
      const ids = made!.items.map((item) => assortment.ids[item]!)
      const context = contextOf(
        model,
        {
          evidence,
          unwanted: new Set(),
          refusals: NO_REFUSALS,
          events,
          lists: [],
          now: question.now,
          asked: () => [],
        },
        { ids },
      )
      const scored = SCORED.reduce((all, step) => step(all, context), given(context))
      const judged = Array.from(scored.rows.keys()).filter((i) => isJudged(model, scored, i))
      const target = judged.findIndex((i) => scored.index[i] === at)
      if (target < 0) continue
      const featuresOf = stageOf(scored, context)
      lists[(question.session % 2) as 0 | 1].push({
        session: question.session,
        server,
        target,
        places: Uint16Array.from(judged),
        ...columnsOf(scored, judged, featuresOf),
      })
    }
    if (breath.due()) await breath.take()
  }
  return lists
}

function columnsOf(
  { score }: Candidates,
  judged: readonly number[],
  featuresOf: (i: number, out: Float64Array) => void,
): Pick<StageList, 'scores' | 'features'> {
  const out = new Float64Array(STAGE.length)
  const columns = new Float32Array(judged.length * STAGE.length)
  for (const [n, i] of judged.entries()) {
    featuresOf(i, out)
    columns.set(out, n * STAGE.length)
  }
  return { scores: Float64Array.from(judged, (i) => score[i]!), features: columns }
}

/** Sessions of two events or more, evenly spread, with about so many questions. */
function spread({ offsets }: Interactions, limit: number): number[] {
  const all = Array.from({ length: offsets.length - 1 }, (_, s) => s).filter(
    (s) => offsets[s + 1]! - offsets[s]! > 1,
  )
  const total = all.reduce((sum, s) => sum + offsets[s + 1]! - offsets[s]! - 1, 0)
  const stride = Math.max(1, Math.ceil(total / limit))
  return all.filter((_, i) => i % stride === 0)
}

type Earlier = Returns['returns'][number]

/** Earlier visits of the people in these sessions, where the log knows people. */
function earlierOf(
  held: Interactions,
  known: Interactions,
  rowIn: (id: string) => number,
): { visits: Map<number, Earlier>; rowOf: Int32Array } | undefined {
  if (!held.users) return undefined
  try {
    const { ids, returns } = returnsIn(held, known)
    return {
      visits: new Map(returns.map((found) => [found.session, found])),
      rowOf: Int32Array.from(ids, rowIn),
    }
  } catch {
    // Nobody came back.
    return undefined
  }
}

/** The end of the last earlier visit, as an event of the device. */
function lastOf({ earlier }: Earlier): WireEvent {
  return { id: 'earlier', name: 'view_item', time: 1000 * earlier.at(-1)!.to, items: [] }
}
