/**
 * Puts the lists of servers into the visitor's order with the engine's own pipeline, as a browser would, and notes where
 * the next item stood before and after.
 */
import type { Catalog } from '../../../../worker/catalog/catalog.js'
import { contextOf, knownBy } from '../../../../worker/rank/candidates.js'
import { type Evidence, gather, type Interest, type ServingModel } from '../../../../worker/rank/evidence.js'
import { rank } from '../../../../worker/rank/pipeline.js'
import { shape } from '../../../../worker/shape/shape.js'
import type { Assortment } from './assortment.js'
import type { RankQuestion } from './questions.js'
import type { Server, ServerList } from './servers.js'

/** The place of the next item, from 1, in each order of the same list; 0 where the list lacks it. */
export interface Places {
  server: number
  /** The server's order with the items of this visit in front, the latest first. */
  seenFirst: number
  nearside: number
  /** The same where the page also gives the server's scores; absent if this server has none. */
  scored?: number
}

const MISS: Places = { server: 0, seenFirst: 0, nearside: 0 }

export interface Ranker {
  /** Undefined where the server has no list for the question. */
  place(server: Server, question: RankQuestion): Places | undefined
  /** Milliseconds that the rankings took, without the evidence. */
  latency: number[]
}

/** @param past what earlier visits left behind, by session of the test log */
export function rankerOf(
  model: ServingModel,
  { ids }: Assortment,
  past?: ReadonlyMap<number, readonly Interest[]>,
): Ranker {
  const serving = { ...model, catalog: remembering(model.catalog) }
  const latency: number[] = []
  let asked: RankQuestion | undefined
  let evidence: Evidence
  const placeBy = (question: RankQuestion, { items }: ServerList, target: number, scores?: Float64Array) => {
    if (asked !== question) evidence = gather(serving, question.steps, past?.get(question.logged))
    asked = question
    const { events, now } = question
    const known = { ...knownBy(evidence), events, now }
    const named = items.map((item) => ids[item]!)
    const before = performance.now()
    const list = rank(
      contextOf(serving, known, { ids: named, shape, ...(scores && { serverScores: scores }) }),
    )
    latency.push(performance.now() - before)
    return 1 + list.index.indexOf(target)
  }
  return {
    latency,
    place(server, question) {
      const list = server.list(question)
      if (!list) return undefined
      const target = list.items.indexOf(question.target)
      const { scores } = list
      if (target < 0) return scores ? { ...MISS, scored: 0 } : MISS
      return {
        server: target + 1,
        seenFirst: seenFirst(list.items, question.before, target),
        nearside: placeBy(question, list, target),
        ...(scores && { scored: placeBy(question, list, target, scores) }),
      }
    },
  }
}

/** The place after the items of the visit were put in front, the latest first. */
function seenFirst(items: readonly number[], before: readonly number[], target: number): number {
  const latest = new Map(before.map((item, e) => [item, e]))
  const age = (i: number) => latest.get(items[i]!) ?? -1
  let place = 1
  for (let i = 0; i < items.length; i++) {
    if (age(i) > age(target) || (age(i) === age(target) && i < target)) place++
  }
  return place
}

/** Looks up each id once: a test asks for the same ones thousands of times. */
function remembering(catalog: Catalog): Catalog {
  const rows = new Map<string, number>()
  return {
    ...catalog,
    rowOf(id) {
      const known = rows.get(id)
      if (known !== undefined) return known
      const row = catalog.rowOf(id)
      rows.set(id, row)
      return row
    },
  }
}
