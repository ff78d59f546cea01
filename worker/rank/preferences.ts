/**
 * What the visitor says they like, as interests in items. An item stands for itself, a category or a brand for its most
 * popular items, those in the range of prices if there are some. A range alone stands for the most popular items in it.
 * Everything that is named counts the same, and all of it together as much as one purchase.
 */
import type { Catalog } from '../catalog/catalog.js'
import type { Preferred } from '../feedback/preferences.js'
import type { Interest } from './evidence.js'
import { mostPopular } from './most-popular.js'

/** More items of a category hardly change its direction. */
const MOST = 20

export function preferredRows(
  catalog: Catalog,
  { items, price, categories = [], brands = [] }: Preferred,
): Interest[] {
  const inRange = (row: number) => {
    const own = Number(catalog.attribute(row, 'price') ?? Number.NaN)
    return own >= (price?.min ?? 0) && own <= (price?.max ?? Infinity)
  }
  const best = (belongs: (row: number) => boolean) => {
    const within = price ? mostPopular(catalog, MOST, (row) => belongs(row) && inRange(row)) : []
    return within.length > 0 ? within : mostPopular(catalog, MOST, belongs)
  }
  const named = (field: 'category' | 'brand', wanted: readonly string[]) => {
    const { codes, names } = (wanted.length > 0 && catalog.dictionary(field)) || { codes: [], names: [] }
    const numbers = wanted.map((name) => names.indexOf(name) + 1).filter((code) => code > 0)
    return numbers.map((code) => best((row) => codes[row] === code))
  }
  const liked = [
    ...items.map((id) => [catalog.rowOf(id)].filter((row) => row >= 0)),
    ...named('category', categories),
    ...named('brand', brands),
  ].filter(({ length }) => length > 0)
  if (liked.length === 0 && price) liked.push(mostPopular(catalog, MOST, inRange))
  return liked.flatMap((rows) => {
    const weight = (row: number) => 1 + catalog.popularity(row)
    const total = rows.reduce((sum, row) => sum + weight(row), 0) * liked.length
    return rows.map((row) => ({ row, strength: weight(row) / total }))
  })
}
