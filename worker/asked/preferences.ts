/**
 * What the visitor says they like, as interests in items. An item stands for itself, a category or a brand for its most
 * popular items, those in the range of prices if there are some. A range alone stands for the most popular items in it.
 * Everything that is named counts the same, and all of it together as much as one purchase.
 */
import type { Catalog } from '../catalog/catalog.js'
import type { Preferred } from '../feedback/preferences.js'
import type { Interest } from '../rank/evidence.js'
import { mostPopular } from '../rank/most-popular.js'

/** More items of a category hardly change its direction. */
const MOST = 20

export function interestsIn(catalog: Catalog, preferred: Preferred): Interest[] {
  const { items, categories = [], brands = [], price } = preferred
  const best = (belongs: (row: number) => boolean) => {
    const within = (row: number) => {
      const own = Number(catalog.attribute(row, 'price') ?? Number.NaN)
      return belongs(row) && own >= (price?.min ?? 0) && own <= (price?.max ?? Infinity)
    }
    const rows = price ? mostPopular(catalog, MOST, within) : []
    return rows.length > 0 ? rows : mostPopular(catalog, MOST, belongs)
  }
  const named = (field: 'category' | 'brand') => (name: string) => {
    const { codes, names } = catalog.dictionary(field) ?? { codes: [], names: [] }
    const code = names.indexOf(name) + 1
    return code > 0 ? best((row) => codes[row] === code) : []
  }
  let liked = [
    ...items.map((id) => [catalog.rowOf(id)].filter((row) => row >= 0)),
    ...categories.map(named('category')),
    ...brands.map(named('brand')),
  ].filter(({ length }) => length > 0)
  if (liked.length === 0 && price) liked = [best(() => true)]
  const weight = (row: number) => 1 + catalog.popularity(row)
  return liked.flatMap((rows) => {
    const total = rows.reduce((sum, row) => sum + weight(row), 0) * liked.length
    return rows.map((row) => ({ row, strength: weight(row) / total }))
  })
}

/** The same as rows, those that count most first. Not the preferred items themselves: the visitor knows them. */
export function preferredRows(catalog: Catalog, preferred: Preferred): number[] {
  return interestsIn(catalog, { ...preferred, items: [] })
    .sort((a, b) => b.strength - a.strength)
    .map(({ row }) => row)
}
