/** The most popular items of a kind. */
import type { Catalog } from '../catalog/catalog.js'

/**
 * @param belongs asked of the thousand rows that the pack lists as popular, and of all others only if these are too few
 * @returns at most `most` rows, most popular first. Rows that no scan returns are among them: a fact of the catalogue is enough
 * to recommend an item, and an item that the shop no longer has is without facts.
 */
export function mostPopular(catalog: Catalog, most: number, belongs: (row: number) => boolean): number[] {
  const listed = [...catalog.popular(Infinity)].filter(belongs)
  if (listed.length >= most) return listed.slice(0, most)
  const known = new Set(listed)
  const others: number[] = []
  for (let row = 0; row < catalog.size; row++) if (belongs(row) && !known.has(row)) others.push(row)
  others.sort((a, b) => catalog.popularity(b) - catalog.popularity(a) || a - b)
  return [...listed, ...others].slice(0, most)
}
