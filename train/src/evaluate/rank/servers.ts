/**
 * The lists that a shop's server could send. Each has LENGTH candidates, where there are so many; a list that knows too few
 * goes on with what is popular, as servers do.
 */
import type { Catalog } from '../../../../worker/catalog/catalog.js'
import type { ServingModel } from '../../../../worker/rank/evidence.js'
import { gather } from '../../../../worker/rank/evidence.js'
import { retrieve } from '../../../../worker/rank/retrieve.js'
import type { Interactions } from '../../data/interactions.js'
import { random } from '../../maths/random.js'
import { invert } from '../baselines/postings.js'
import { similarItems, strongest } from '../baselines/rules.js'
import type { Assortment } from './assortment.js'
import type { RankQuestion } from './questions.js'

/** Candidates in a list. */
export const LENGTH = 200

/** A server's answer: items by their numbers in the assortment, best first. */
export interface ServerList {
  items: readonly number[]
  /** The server's score of each item, NaN where it has none. Absent if it has no scores at all. */
  scores?: Float64Array
}

export interface Server {
  name: string
  /** What it is, for people. */
  about: string
  /** Undefined where this server has no list for a question. */
  list(question: RankQuestion): ServerList | undefined
}

/** The same list for everybody: what was looked at most often. */
export function popularityServer({ popular, counts }: Assortment): Server {
  const items = Array.from(popular.subarray(0, LENGTH))
  const list = { items, scores: Float64Array.from(items, (item) => counts[item]!) }
  return { name: 'popularity', about: 'what most visitors look at', list: () => list }
}

/** The items most similar to the last one of the visit: regularised cosine over the sessions of the training log. */
export function itemKnnServer(train: Interactions, assortment: Assortment): Server {
  const postings = invert(train)
  const rowOf = new Map(train.ids.map((id, row) => [assortment.numberOf(id)!, row]))
  const numbers = train.ids.map((id) => assortment.numberOf(id)!)
  const lists = new Map<number, ServerList>()
  const listFor = (last: number | undefined): ServerList => {
    const row = last === undefined ? undefined : rowOf.get(last)
    if (row === undefined) return filled([], [], assortment)
    // Sorted, because `strongest` leaves a short list as it is.
    const found = [...strongest(similarItems(train, postings, row), LENGTH)].sort((a, b) => b[1] - a[1])
    return filled(
      found.map(([item]) => numbers[item]!),
      found.map(([, score]) => score),
      assortment,
    )
  }
  return {
    name: 'item-knn',
    about: 'items similar to the last one (item-kNN)',
    list({ before }) {
      const last = before.at(-1)
      const known = lists.get(last ?? -1)
      if (known) return known
      const list = listFor(last)
      lists.set(last ?? -1, list)
      return list
    },
  }
}

/** A session model that has not been trained for a while. It knows the visit as well as ours, but the shop of some time ago. */
export function staleServer(model: ServingModel, assortment: Assortment): Server {
  const { catalog } = model
  const numbers = Int32Array.from(
    { length: catalog.size },
    (_, row) => assortment.numberOf(catalog.idOf(row)) ?? -1,
  )
  const rows = Int32Array.from(assortment.ids, (id) => catalog.rowOf(id))
  return {
    name: 'stale',
    about: 'an older model of the same kind',
    list({ before }) {
      const steps = before.map((item) => ({ row: rows[item]!, weight: 1 })).filter(({ row }) => row >= 0)
      const found = retrieve(model, gather(model, steps), LENGTH)
      return filled(
        Array.from(found.rows, (row) => numbers[row]!),
        [...found.relevance],
        assortment,
      )
    },
  }
}

/** Exponent of an item's count when the items of a category page are drawn. */
const DRAWN = 0.75
const SEED = 1

/**
 * A category page: the next item among others, drawn by how often they are looked at, from the same category where the pack
 * knows it. The most popular stand first.
 */
export function categoryServer(catalog: Catalog, { ids, counts }: Assortment): Server {
  const categoryOf = (item: number) =>
    item < catalog.size ? String(catalog.attribute(item, 'category') ?? '') : ''
  const shelves = new Map<string, Shelf>()
  for (const item of ids.keys()) {
    for (const name of new Set(['', categoryOf(item)])) {
      const shelf = shelves.get(name) ?? { items: [], sums: [], total: 0 }
      shelves.set(name, shelf)
      if (!(counts[item]! > 0)) continue
      shelf.total += counts[item]! ** DRAWN
      shelf.items.push(item)
      shelf.sums.push(shelf.total)
    }
  }
  return {
    name: 'category',
    about: 'a category page, most popular first',
    list({ session, before, target }) {
      const shelf = shelves.get(categoryOf(target))!
      const drawn = draw(shelf, target, random(SEED, session, before.length))
      return { items: drawn.sort((a, b) => counts[b]! - counts[a]! || a - b) }
    },
  }
}

/** Items that were looked at, and the running sums of their weights. */
interface Shelf {
  items: number[]
  sums: number[]
  total: number
}

/** The target and LENGTH - 1 others of the shelf, or all of a smaller shelf. */
function draw({ items, sums, total }: Shelf, target: number, uniform: () => number): number[] {
  if (items.length <= LENGTH) return [...new Set([target, ...items])]
  const drawn = new Set([target])
  while (drawn.size < LENGTH) drawn.add(items[firstAbove(sums, uniform() * total)]!)
  return [...drawn]
}

function firstAbove(sums: readonly number[], value: number): number {
  let low = 0
  let high = sums.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (sums[middle]! > value) high = middle
    else low = middle + 1
  }
  return low
}

/** A list of LENGTH: behind what the server found, the most popular of the rest, without a score. */
function filled(items: readonly number[], scores: readonly number[], { popular }: Assortment): ServerList {
  const list = [...items]
  const taken = new Set(list)
  for (let i = 0; list.length < LENGTH && i < popular.length; i++) {
    if (!taken.has(popular[i]!)) list.push(popular[i]!)
  }
  return { items: list, scores: Float64Array.from(list, (_, i) => scores[i] ?? Number.NaN) }
}
