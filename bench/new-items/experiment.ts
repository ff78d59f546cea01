/**
 * Are new items of a live file found? In each fold a tenth of a pack's items is taken out of it, and comes back through a live
 * file. Their vectors then come from the browser's code. The vectors of the other items were learnt with the ones taken out in
 * the log, and stay as they are.
 */

import { loadLog } from '../../train/src/data/load/load.js'
import { permutation, random } from '../../train/src/maths/random.js'
import { readPackFromDisk } from '../../train/src/pack/read.js'
import { openScorer } from '../../worker/compute/open.js'
import { EXCLUDED } from '../../worker/compute/scorer.js'
import { featuresOf } from '../../worker/content/content-features.js'
import type { LiveFile } from '../../worker/live/file.js'
import { withLive } from '../../worker/live/over.js'
import { placeItems } from '../../worker/live/place.js'
import { openModel } from '../../worker/model.js'
import { gather, type ServingModel, viewsOf } from '../../worker/rank/evidence.js'
import { retrieve } from '../../worker/rank/retrieve.js'

const SHARE = 0.1
const TOP = 20
/** Steps that content-kNN looks back, and how much each counts less than the next. */
const BACK = 3
const DECAY = 0.8

interface Question {
  steps: string[]
  target: string
}

/** Means of NDCG@20: steps to new items, to other items, and all. */
export interface Fold {
  items: number
  placed: number
  asked: number
  fresh: { live: number; content: number }
  others: { without: number; live: number }
  all: { without: number; live: number }
}

export async function folds(options: {
  pack: string
  events: string
  folds: number
  most: number
  say(line: string): void
}): Promise<Fold[]> {
  const pack = await readPackFromDisk(options.pack)
  const model = await openModel(pack, 'auto')
  const { data } = await loadLog({ events: [options.events] })
  const questions: Question[] = []
  for (let s = 0; s + 1 < data.offsets.length; s++) {
    const ids = [...data.rows.subarray(data.offsets[s], data.offsets[s + 1])].map((row) => data.ids[row]!)
    for (let e = 1; e < ids.length; e++) {
      if (model.catalog.rowOf(ids[e]!) >= 0) questions.push({ steps: ids.slice(0, e), target: ids[e]! })
    }
  }
  const near = contentOf(model)
  const { catalog } = model
  const known = Array.from({ length: catalog.size }, (_, row) => row).filter(
    (row) => catalog.popularity(row) > 0,
  )
  const found: Fold[] = []
  for (let fold = 0; fold < options.folds; fold++) {
    const order = permutation(known.length, random(fold + 1, 7))
    const hidden = new Set([...order.subarray(0, Math.ceil(SHARE * known.length))].map((i) => known[i]!))
    const without = await reduced(model, hidden)
    const items = [...hidden].map((row) => {
      const { popularity: _, ...facts } = catalog.facts(row)
      return facts
    })
    const places = await placeItems(without.catalog, items)
    const live = withLive(without, { ...NOTHING, items }, places)
    const drawn = permutation(questions.length, random(fold + 1, 8)).subarray(0, options.most)
    const sums = { fresh: 0, freshContent: 0, others: 0, othersWithout: 0, freshAsked: 0, othersAsked: 0 }
    for (const i of drawn) {
      const { steps, target } = questions[i]!
      if (hidden.has(catalog.rowOf(target))) {
        sums.freshAsked++
        sums.fresh += gain(answer(live, steps), target)
        sums.freshContent += gain(near(steps), target)
      } else {
        sums.othersAsked++
        sums.others += gain(answer(live, steps), target)
        sums.othersWithout += gain(answer(without, steps), target)
      }
    }
    const asked = sums.freshAsked + sums.othersAsked
    found.push({
      items: items.length,
      placed: places.codes.size,
      asked: sums.freshAsked,
      fresh: { live: sums.fresh / sums.freshAsked, content: sums.freshContent / sums.freshAsked },
      others: { without: sums.othersWithout / sums.othersAsked, live: sums.others / sums.othersAsked },
      all: { without: sums.othersWithout / asked, live: (sums.others + sums.fresh) / asked },
    })
    options.say(JSON.stringify(found.at(-1)))
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

function answer(model: ServingModel, steps: readonly string[]): string[] {
  const { catalog } = model
  const rows = steps.map(catalog.rowOf).filter((row) => row >= 0)
  return Array.from(retrieve(model, gather(model, viewsOf(rows)), TOP).rows, catalog.idOf)
}

function gain(list: readonly string[], target: string): number {
  const at = list.indexOf(target)
  return at < 0 ? 0 : 1 / Math.log2(at + 2)
}

/** The pack as if it did not have these items. */
async function reduced(model: ServingModel, hidden: ReadonlySet<number>): Promise<ServingModel> {
  const { catalog } = model
  const bias = catalog.bias.slice()
  for (const row of hidden) bias[row] = EXCLUDED
  const stays = (row: number) => !hidden.has(row)
  return {
    ...model,
    scorer: await openScorer(model.scorer.codes.slice(), bias, catalog.dim, 'auto'),
    catalog: {
      ...catalog,
      bias,
      rowOf: (id) => {
        const row = catalog.rowOf(id)
        return hidden.has(row) ? -1 : row
      },
      popularity: (row) => (hidden.has(row) ? 0 : catalog.popularity(row)),
      neighbours: (table, row) => {
        const { rows, weights } = catalog.neighbours(table, row)
        const kept = [...rows.keys()].filter((i) => stays(rows[i]!))
        return { rows: rows.filter(stays), weights: Float32Array.from(kept, (i) => weights[i]!) }
      },
      popular: (n) => catalog.popular(Infinity).filter(stays).slice(0, n),
      trending: catalog.trending.filter(stays),
      fresh: catalog.fresh.filter(stays),
    },
  }
}

/** Content-kNN: items by the squared cosine of their features and those of the last steps. */
function contentOf({ catalog }: ServingModel): (steps: readonly string[]) => string[] {
  const all = Array.from({ length: catalog.size }, (_, row) => catalog.facts(row))
  const text = (name: string) => all.map((facts) => facts[name] as string | undefined)
  const columns = new Set(all.flatMap((facts) => Object.keys(facts)))
  for (const name of [
    'id',
    'title',
    'category',
    'brand',
    'price',
    'image',
    'url',
    'popularity',
    'added',
    'available',
  ])
    columns.delete(name)
  const features = featuresOf(
    {
      title: text('title'),
      category: text('category'),
      brand: text('brand'),
      price: Float64Array.from(all, ({ price }) => price ?? Number.NaN),
      attributes: new Map([...columns].map((name) => [name, text(name)])),
    },
    catalog.size,
    [],
  )
  const holders = new Map<string, number[]>()
  features.forEach((names, row) => {
    for (const name of names) holders.set(name, [...(holders.get(name) ?? []), row])
  })
  return (steps) => {
    const scores = new Map<number, number>()
    for (const [age, id] of steps.slice(-BACK).reverse().entries()) {
      const row = catalog.rowOf(id)
      if (row < 0) continue
      const shared = new Map<number, number>()
      for (const name of features[row]!)
        for (const other of holders.get(name)!) shared.set(other, (shared.get(other) ?? 0) + 1)
      for (const [other, n] of shared) {
        const alike = n ** 2 / (features[row]!.length * features[other]!.length)
        scores.set(other, (scores.get(other) ?? 0) + DECAY ** age * alike)
      }
    }
    return [...scores]
      .sort((a, b) => b[1] - a[1] || a[0] - b[0])
      .slice(0, TOP)
      .map(([row]) => catalog.idOf(row))
  }
}
