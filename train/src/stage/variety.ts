/**
 * How much variety a shop's lists can take: what `variety: true` means in it. The strongest variety is chosen that costs at most
 * so much accuracy on held-out sessions.
 */
import { DEPTH } from '../../../worker/rank/blend.js'
import { type Candidates, contextOf, knownBy, type RankContext } from '../../../worker/rank/candidates.js'
import { gather, type ServingModel } from '../../../worker/rank/evidence.js'
import { retrieval } from '../../../worker/rank/pipeline.js'
import type { Step } from '../../../worker/session/encoder.js'
import { diversify } from '../../../worker/shape/diversify.js'
import type { Interactions } from '../data/interactions.js'
import { type Questions, questionsOf } from '../evaluate/questions/questions.js'
import { Breath } from '../running/breath.js'

/** Share of NDCG@10 that variety may cost. A shop may lose 2 %: the rest is for the error of the measurement. */
const COST = 0.015
/** Each about .7 of the one before. */
const STRENGTHS = [1, 0.7, 0.5, 0.35, 0.25, 0.18, 0.125, 0.09, 0.06, 0.04, 0.03]
/** About so many lists are made at most. With fewer than LEAST the cost is too uncertain. */
const ASKED = 3000
const LEAST = 1000
const SEED = 1

/** How long the judged lists are. */
export const LENGTH = 10

/** A list before variety, with many more candidates than are shown. */
export interface VariedList {
  candidates: Candidates
  context: RankContext
  /** Row of the item that came next, or -1. */
  target: number
}

export interface VarietyReport {
  strength: number
  /** Lists that it was measured on, their NDCG@10 without variety, and the share of it that is lost. */
  lists: number
  ndcg10: number
  cost: number
}

/**
 * @param model that has not learned from these sessions
 * @returns undefined where there are too few lists to know
 */
export async function fitVariety(
  model: ServingModel,
  held: Interactions,
  signal?: AbortSignal,
): Promise<VarietyReport | undefined> {
  const sessions = held.offsets.length - 1
  const sample = Math.ceil((ASKED * sessions) / Math.max(1, held.rows.length - sessions))
  const questions = questionsOf(held, model.catalog.rowOf, sample, SEED)
  const breath = new Breath(signal)
  const lists: VariedList[] = []
  for (const list of variedLists(model, questions)) {
    lists.push(list)
    if (breath.due()) await breath.take()
  }
  const plain = ndcgOf(lists, ({ candidates }) => candidates.rows)
  if (lists.length < LEAST || plain === 0) return undefined
  let found = { strength: 0, cost: 0 }
  for (const strength of STRENGTHS) {
    const cost = 1 - ndcgOf(lists, (list) => varied(list, { strength })) / plain
    found = { strength, cost }
    if (cost <= COST) break
    if (breath.due()) await breath.take()
  }
  return { ...found, lists: lists.length, ndcg10: plain }
}

/** What the engine would recommend after each event but the last of each session. */
export function* variedLists(
  model: ServingModel,
  { offsets, rows, weights }: Questions,
): Generator<VariedList> {
  for (let s = 0; s + 1 < offsets.length; s++) {
    const steps: Step[] = []
    // The first event tells visitors apart.
    const events = [{ id: `visitor ${s}`, name: 'view_item' as const, time: 0, items: [] }]
    for (let event = offsets[s]!; event + 1 < offsets[s + 1]!; event++) {
      if (rows[event]! >= 0) steps.push({ row: rows[event]!, weight: weights[event]! })
      const evidence = gather(model, [...steps])
      const candidates = retrieval(contextOf(model, knownBy(evidence), { limit: DEPTH }))
      // What only the search needs would fill the memory.
      const known = { ...knownBy({ ...evidence, dense: undefined }), events }
      yield { candidates, context: contextOf(model, known, { limit: LENGTH }), target: rows[event + 1]! }
    }
  }
}

/** Rows of the list with variety. */
export function varied(
  { candidates, context }: VariedList,
  variety: { strength: number; method?: 'mmr' | 'dpp' },
): Int32Array {
  return diversify(candidates, { ...context, settings: { variety } }).rows.subarray(0, LENGTH)
}

function ndcgOf(lists: readonly VariedList[], rowsOf: (list: VariedList) => Int32Array): number {
  let sum = 0
  for (const list of lists) {
    const place = list.target < 0 ? -1 : rowsOf(list).subarray(0, LENGTH).indexOf(list.target)
    if (place >= 0) sum += 1 / Math.log2(place + 2)
  }
  return sum / Math.max(1, lists.length)
}
