/**
 * How far what speaks against an item reaches: to the item itself, to what is near it in the model's space, and to its
 * category and brand. It is made once for each event, because each reach is a scan of the catalogue.
 *
 * Shops differ in how near items are to each other. So what is near is measured in the catalogue: the NEAR nearest items
 * count in full, and from there to the FAR-th nearest ever less.
 */

import { EXCLUDED } from '../compute/scorer.js'
import type { Dislike } from '../feedback/dislikes.js'
import type { AttributeValue } from '../protocol.js'
import { quantise } from '../session/query.js'
import type { ServingModel } from './evidence.js'

const NEAR = 20
export const FAR = 60
/**
 * So many items reach beyond themselves, if so much speaks against them. Less than that, such as one view that was left at once,
 * concerns the item alone: visitors often go on to its like, and lists that keep clear of it find the next item less often.
 */
const MOST_REACHES = 8
const LEAST_AMOUNT = 0.25
/** One dislike says little about a category. With n of them it is refused by (n / (n + DOUBT))^2. */
const DOUBT = 3

export interface Reach {
  amount: number
  /** The item's vector, as the scan reads a query. */
  codes: Int16Array
  /** Points of the scan from which the reach is complete, and at which it ends. */
  near: number
  far: number
}

export interface Refusals {
  /** How much speaks against each item alone, by id. */
  items: ReadonlyMap<string, number>
  reaches: readonly Reach[]
  /** How much speaks against each value of an attribute. */
  kinds: readonly [attribute: string, ReadonlyMap<AttributeValue, number>][]
}

export const NO_REFUSALS: Refusals = { items: new Map(), reaches: [], kinds: [] }

/** @param dislikes the strongest first */
export function refusalsOf(model: ServingModel, dislikes: readonly Dislike[]): Refusals {
  if (dislikes.length === 0) return NO_REFUSALS
  const { catalog } = model
  const wide = dislikes
    .filter(({ amount }) => amount >= LEAST_AMOUNT)
    .slice(0, MOST_REACHES)
    .map(({ id, amount }) => ({ row: catalog.rowOf(id), amount }))
    .filter(({ row }) => row >= 0)
  return {
    items: new Map(dislikes.map(({ id, amount }) => [id, amount])),
    // Rare items share one vector, so it says nothing about what is like them.
    reaches: wide
      .filter(({ row }) => catalog.bias[row] !== EXCLUDED)
      .map(({ row, amount }) => reachOf(model, row, amount)),
    kinds: ['category', 'brand'].map((name) => {
      const amounts = new Map<AttributeValue, number>()
      for (const { row, amount } of wide) {
        const value = catalog.attribute(row, name)
        if (value !== undefined) amounts.set(value, (amounts.get(value) ?? 0) + amount)
      }
      return [name, new Map(Array.from(amounts, ([value, n]) => [value, (n / (n + DOUBT)) ** 2]))] as const
    }),
  }
}

function reachOf({ catalog, scorer }: ServingModel, row: number, amount: number): Reach {
  const { codes } = quantise(Float64Array.from(catalog.vector(row)), 1, catalog.step, catalog.biasStep)
  // One more than asked for, because the item is nearest to itself. A small shop has fewer.
  const { scores } = scorer.topK(codes, 0, FAR + 1)
  const at = (place: number) => scores[Math.min(place, scores.length - 1)]!
  return { amount, codes, near: at(NEAR), far: at(FAR) }
}
