/**
 * A model as the live file changes it. New items are rows behind those of the pack, so whatever works on rows works with them
 * too. Ids that the pack does not have are left out.
 */
import type { Catalog, Neighbours } from '../catalog/catalog.js'
import type { Dictionary } from '../catalog/facts.js'
import { EXCLUDED, NEVER, type Scorer } from '../compute/scorer.js'
import type { AttributeValue, ItemFacts, Rule } from '../protocol.js'
import type { ServingModel } from '../rank/evidence.js'
import type { LiveFile, LiveItem } from './file.js'

/** The codes of new items' vectors and their bias, in the pack's units. */
export interface Places {
  codes: ReadonlyMap<string, Int8Array>
  /** By row of the pack: the new items that are like it by content, and how much, up to 1. */
  likes: Map<number, [id: string, weight: number][]>
  bias: number
}

/** How many different factors of boosts hold. Factors are rounded, so more make no difference. */
const MOST_FACTORS = 40
/**
 * How much a new item that is quite like another one counts among its neighbours, against the mean of those that the pack names.
 */
const LIKENESS = 0.5
const NONE: Neighbours = { rows: new Uint32Array(), weights: new Float32Array() }

/** @param places of the new items that have a vector already; without one an item is only put forward as new */
export function withLive(model: ServingModel, file: LiveFile, places?: Places): ServingModel {
  const { catalog, scorer } = model
  const { size, dim } = catalog
  const items = file.items.filter(({ id }) => catalog.rowOf(id) < 0)
  const rows = new Map(items.map(({ id }, i) => [id, size + i]))
  const rowOf = (id: string) => rows.get(id) ?? catalog.rowOf(id)
  const inPack = (ids: Iterable<string>) => [...ids].map(rowOf).filter((row) => row >= 0)

  const stock = new Map<number, boolean>()
  for (const row of inPack(file.back)) stock.set(row, true)
  for (const row of inPack(file.out)) stock.set(row, false)
  const prices = new Map([...file.prices].map(([id, price]) => [rowOf(id), price]))

  const bias = new Int8Array(size + items.length).fill(EXCLUDED)
  bias.set(catalog.bias)
  const codes = new Int8Array(items.length * dim)
  items.forEach(({ id }, i) => {
    const found = places?.codes.get(id)
    if (!found) return
    codes.set(found, i * dim)
    bias[size + i] = places!.bias
  })

  function changed(row: number, name: string): number | boolean | undefined {
    if (name === 'price') return prices.get(row)
    return name === 'available' ? stock.get(row) : undefined
  }

  function facts(row: number): ItemFacts {
    const said = row < size ? catalog.facts(row) : { ...items[row - size]!, popularity: 0 }
    const [price, available] = [prices.get(row), stock.get(row)]
    return { ...said, ...(price !== undefined && { price }), ...(available !== undefined && { available }) }
  }

  const dictionaries = new Map<string, { of: Dictionary; with: Dictionary }>()

  function dictionary(field: 'category' | 'brand'): Dictionary | undefined {
    const of = catalog.dictionary(field)
    if (!of || items.length === 0) return of
    if (dictionaries.get(field)?.of !== of)
      dictionaries.set(field, {
        of,
        with: extended(
          of,
          size,
          items.map((item) => item[field]),
        ),
      })
    return dictionaries.get(field)!.with
  }

  /** New items were not seen together with others yet, so they are neighbours of what they are like. */
  function neighbours(table: number, row: number): Neighbours {
    const found = row < size ? catalog.neighbours(table, row) : NONE
    const likes = places?.likes.get(row)
    if (!likes) return found
    const share = LIKENESS / Math.max(found.rows.length, likes.length)
    const weights = [...found.weights, ...likes.map(([, weight]) => share * weight)]
    const total = weights.reduce((sum, weight) => sum + weight)
    return {
      rows: Uint32Array.of(...found.rows, ...likes.map(([id]) => rowOf(id))),
      weights: Float32Array.from(weights, (weight) => weight / total),
    }
  }

  const trending = inPack([...file.trending].sort((a, b) => b[1] - a[1]).map(([id]) => id))
  const live: Catalog = {
    ...catalog,
    size: size + items.length,
    bias,
    rowOf,
    idOf: (row) => (row < size ? catalog.idOf(row) : items[row - size]!.id),
    vector: (row) =>
      row < size
        ? catalog.vector(row)
        : Float32Array.from(
            codes.subarray((row - size) * dim, (row - size + 1) * dim),
            (code) => code * catalog.step,
          ),
    neighbours,
    popularity: (row) => (row < size ? catalog.popularity(row) : 0),
    attribute: (row, name) =>
      changed(row, name) ?? (row < size ? catalog.attribute(row, name) : ownOf(items[row - size]!, name)),
    facts,
    trending: Uint32Array.from(new Set([...trending, ...catalog.trending])),
    fresh: Uint32Array.from([...items.keys()].map((i) => size + i).concat([...catalog.fresh])),
    dictionary,
    has: (fact) => catalog.has(fact) || (fact === 'available' && stock.size > 0),
  }
  // What the pack says is checked where rules are followed.
  const ofPack = model.settings?.rules
  const rules = [...(Array.isArray(ofPack) ? ofPack : []), ...boostsOf(file.boosts)]
  return {
    ...model,
    catalog: live,
    scorer: items.length > 0 ? extendedScorer(scorer, size, dim, codes, bias) : scorer,
    ...(rules.length > 0 && { settings: { ...model.settings, rules } }),
  }
}

/** Names come from outside, so `constructor` must not find what every object has. */
function ownOf(item: LiveItem, name: string): AttributeValue | undefined {
  return Object.hasOwn(item, name) ? item[name] : undefined
}

/** A rule for each factor. */
function boostsOf(boosts: ReadonlyMap<string, number>): Rule[] {
  const groups = new Map<number, string[]>()
  for (const [id, exact] of boosts) {
    const factor = Number(exact.toPrecision(2))
    const ids = groups.get(factor)
    if (ids) ids.push(id)
    else if (groups.size < MOST_FACTORS) groups.set(factor, [id])
  }
  return [...groups].map(([factor, ids]) => ({ kind: 'boost', name: 'live', where: { ids }, factor }))
}

/** The same with the values of new items. */
function extended({ codes, names }: Dictionary, size: number, values: readonly unknown[]): Dictionary {
  const all = new Uint32Array(size + values.length)
  all.set(codes)
  const known = [...names]
  const numbers = new Map(known.map((name, i) => [name, i + 1]))
  values.forEach((value, i) => {
    if (typeof value !== 'string' || value === '') return
    if (!numbers.has(value)) numbers.set(value, known.push(value))
    all[size + i] = numbers.get(value)!
  })
  return { codes: all, names: known }
}

/** The scan of the pack's rows, and behind them the new ones, which are few. */
function extendedScorer(
  scorer: Scorer,
  size: number,
  dim: number,
  codes: Int8Array,
  bias: Int8Array,
): Scorer {
  function scoreOf(query: Int16Array, biasMultiplier: number, row: number): number {
    if (row >= bias.length || bias[row] === EXCLUDED) return NEVER
    let sum = (bias[row]! * biasMultiplier) | 0
    for (let d = 0, at = (row - size) * dim; d < dim; d++) sum = (sum + codes[at + d]! * query[d]!) | 0
    return sum
  }

  return {
    ...scorer,
    topK(query, biasMultiplier, k) {
      const { rows, scores } = scorer.topK(query, biasMultiplier, k)
      const all = Array.from(rows, (row, i) => ({ row, score: scores[i]! }))
      for (let row = size; row < bias.length; row++) {
        const score = scoreOf(query, biasMultiplier, row)
        if (score > NEVER) all.push({ row, score })
      }
      all.sort((a, b) => b.score - a.score || a.row - b.row).splice(k)
      return {
        rows: Uint32Array.from(all, ({ row }) => row),
        scores: Int32Array.from(all, ({ score }) => score),
      }
    },
    score(query, biasMultiplier, rows) {
      const scores = scorer.score(query, biasMultiplier, rows)
      rows.forEach((row, i) => {
        if (row >= size) scores[i] = scoreOf(query, biasMultiplier, row)
      })
      return scores
    },
  }
}
