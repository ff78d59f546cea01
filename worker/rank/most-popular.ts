/** The most popular items of a kind. */
import type { Catalog } from '../catalog/catalog.js'
import { EXCLUDED } from '../compute/scorer.js'

/**
 * @param belongs asked of the thousand rows that the pack lists as popular, and of all others only if these are too few
 * @returns at most `most` rows, most popular first, without those that may not be recommended
 */
export function mostPopular(catalog: Catalog, most: number, belongs: (row: number) => boolean): number[] {
  const fits = (row: number) => catalog.bias[row] !== EXCLUDED && belongs(row)
  const listed = [...catalog.popular(Infinity)].filter(fits)
  if (listed.length >= most) return listed.slice(0, most)
  const known = new Set(listed)
  const others: number[] = []
  for (let row = 0; row < catalog.size; row++) if (!known.has(row) && fits(row)) others.push(row)
  others.sort((a, b) => catalog.popularity(b) - catalog.popularity(a) || a - b)
  return [...listed, ...others].slice(0, most)
}
