/**
 * Are new items of a live file found? In each fold a tenth of a shop's items is taken out of its log and its catalogue, a pack is
 * trained without them, and they come through a live file. Their vectors come from the browser's code. The next steps of later
 * visits are asked about.
 */

import { type Interactions, sliceSessions } from '../../train/src/data/interactions.js'
import { loadLog } from '../../train/src/data/load/load.js'
import { permutation, random } from '../../train/src/maths/random.js'
import type { LiveFile } from '../../worker/live/file.js'
import { withLive } from '../../worker/live/over.js'
import { placeItems } from '../../worker/live/place.js'
import { gather, type ServingModel, viewsOf } from '../../worker/rank/evidence.js'
import { retrieve } from '../../worker/rank/retrieve.js'
import { contentKnn } from './content-knn.js'
import { choicesFor, factsOf, trainedWithout } from './fold.js'

const SHARE = 0.1
const TOP = 20
/** Of the training log, where no test log is named, so much is asked about. */
const ASKED = 0.1

interface Question {
  /** Rows of the shop's catalogue. */
  steps: number[]
  target: number
}

/** Means over questions. */
export interface Accuracy {
  ndcg: number
  recall: number
}

/** Steps to new items, to the others, and all: with the live file, without it, and by content alone. */
export interface Fold {
  items: number
  placed: number
  asked: number
  fresh: { asked: number; live: Accuracy; content: Accuracy }
  others: { live: Accuracy; without: Accuracy }
  all: { live: Accuracy; without: Accuracy }
}

export interface Options {
  train: string
  items: string
  /** Without it, the end of the training log is asked about: to choose constants on. */
  test?: string | undefined
  folds: number
  /** Most events of the log, the latest, that a pack is trained on. */
  events: number
  /** Most steps asked about in each fold. */
  most: number
  /** To try other levels than the one of the code, in logits added to it. Each is a row of `say`; the first one is kept. */
  levels?: readonly number[] | undefined
  say(line: string): void
}

export async function folds(options: Options): Promise<Fold[]> {
  const { train, items, test, most, levels = [0], say } = options
  const { data: whole, catalogue } = await loadLog({ events: [train], catalogue: items, clean: true })
  const sessions = whole.offsets.length - 1
  const cut = test === undefined ? Math.ceil(sessions * (1 - ASKED)) : sessions
  const log = latest(sliceSessions(whole, 0, cut), options.events)
  const asked =
    test === undefined ? sliceSessions(whole, cut, sessions) : (await loadLog({ events: [test] })).data
  const all = questionsIn(asked, whole.ids)
  const facts = factsOf(whole.ids, catalogue!)
  const knn = contentKnn(catalogue!, whole.ids.length, TOP)
  const seen = [...new Set(log.rows)].sort((a, b) => a - b)

  const choices = await choicesFor(log, catalogue!)
  say(JSON.stringify({ lean: choices.lean, below: choices.below }))
  const found: Fold[] = []
  for (let fold = 1; fold <= options.folds; fold++) {
    const chosen = permutation(seen.length, random(fold, 7)).subarray(0, Math.ceil(SHARE * seen.length))
    const fresh = Array.from(chosen, (i) => seen[i]!)
    const hidden = new Uint8Array(whole.ids.length)
    for (const row of fresh) hidden[row] = 1
    const without = await trainedWithout(log, catalogue!, hidden, fold, choices)
    const live = { ...NOTHING, items: fresh.map(facts) }
    const places = await placeItems(without.catalog, live.items)
    const drawn = Array.from(permutation(all.length, random(fold, 8)).subarray(0, most), (i) => all[i]!)
    for (const level of levels) {
      const bias = Math.max(-127, Math.min(127, Math.round(places.bias + level / without.catalog.biasStep)))
      const model = withLive(without, live, { ...places, bias })
      const result = {
        items: fresh.length,
        placed: places.codes.size,
        ...measured(drawn, hidden, whole.ids, { live: model, without }, knn),
      }
      if (level === levels[0]) found.push(result)
      say(JSON.stringify({ fold, level, ...result }))
    }
  }
  return found
}

const NOTHING: LiveFile = {
  pack: 1,
  created: 0,
  out: [],
  back: [],
  prices: new Map(),
  boosts: new Map(),
  items: [],
  trending: new Map(),
}

function latest(log: Interactions, events: number): Interactions {
  const sessions = log.offsets.length - 1
  const from = log.offsets.findIndex((offset) => offset >= log.rows.length - events)
  return from <= 0 ? log : sliceSessions(log, from, sessions)
}

function questionsIn({ ids, offsets, rows }: Interactions, shop: readonly string[]): Question[] {
  const known = new Map(shop.map((id, row) => [id, row]))
  const found: Question[] = []
  for (let s = 0; s + 1 < offsets.length; s++) {
    const visit = [...rows.subarray(offsets[s], offsets[s + 1])].flatMap((row) => known.get(ids[row]!) ?? [])
    for (let e = 1; e < visit.length; e++) found.push({ steps: visit.slice(0, e), target: visit[e]! })
  }
  return found
}

type Measured = Pick<Fold, 'asked' | 'fresh' | 'others' | 'all'>

function measured(
  asked: readonly Question[],
  hidden: Uint8Array,
  ids: readonly string[],
  models: { live: ServingModel; without: ServingModel },
  knn: (steps: readonly number[]) => number[],
): Measured {
  const live: Sum[] = [sum(), sum()]
  const without: Sum[] = [sum(), sum()]
  const content = sum()
  for (const { steps, target } of asked) {
    const isNew = hidden[target]!
    live[isNew]!.add(answer(models.live, steps, ids).indexOf(ids[target]!))
    without[isNew]!.add(isNew ? -1 : answer(models.without, steps, ids).indexOf(ids[target]!))
    if (isNew) content.add(knn(steps).indexOf(target))
  }
  return {
    asked: asked.length,
    fresh: { asked: content.asked, live: mean(live[1]!), content: mean(content) },
    others: { live: mean(live[0]!), without: mean(without[0]!) },
    all: { live: mean(...live), without: mean(...without) },
  }
}

function answer(model: ServingModel, steps: readonly number[], ids: readonly string[]): string[] {
  const rows = steps.map((row) => model.catalog.rowOf(ids[row]!)).filter((row) => row >= 0)
  return Array.from(retrieve(model, gather(model, viewsOf(rows)), TOP).rows, model.catalog.idOf)
}

function sum() {
  const own = { asked: 0, ndcg: 0, recall: 0 }
  return Object.assign(own, {
    /** @param at place of the target, from 0; -1 if it was missed */
    add(at: number) {
      own.asked++
      if (at < 0) return
      own.recall++
      own.ndcg += 1 / Math.log2(at + 2)
    },
  })
}
type Sum = ReturnType<typeof sum>

function mean(...sums: Sum[]): Accuracy {
  const of = (name: 'asked' | 'ndcg' | 'recall') => sums.reduce((all, one) => all + one[name], 0)
  return { ndcg: of('ndcg') / of('asked'), recall: of('recall') / of('asked') }
}
