/** Items that fit the words of a search, or of a page's address, by what the catalogue says of them. */
import type { Catalog } from '../catalog/catalog.js'
import { mostPopular } from '../rank/most-popular.js'

/** As many as a list may show. */
const MOST = 200
/** To read the titles of more items takes too long. Of a larger catalogue the most popular items are searched. */
const READ = 5000

/** Rows by how many words of the search they have, then by popularity. */
export function searchFor(catalog: Catalog, query: string): number[] {
  const stems = wordsOf(query).map((word) => (word.length > 3 ? word.replace(/s$/, '') : word))
  if (stems.length === 0) return []
  const found = new Map<number, number>()
  const rows = mostPopular(catalog, catalog.size > READ ? 1000 : READ, (row) => {
    const text = ['title', 'category', 'brand'].map((fact) => catalog.attribute(row, fact))
    const words = wordsOf(text.join(' '))
    const count = stems.filter((stem) => words.some((word) => word.startsWith(stem))).length
    found.set(row, count)
    return count > 0
  })
  // Stable: equal counts stay in the order of popularity.
  return rows.sort((a, b) => found.get(b)! - found.get(a)!).slice(0, MOST)
}

/** The most popular items of the category or brand that the page is about; of all that fit equally well. */
export function fittingPage(catalog: Catalog, address: string): number[] {
  const present = new Set(wordsOf(address))
  for (const field of ['category', 'brand'] as const) {
    const { codes, names } = catalog.dictionary(field) ?? { codes: [], names: [] }
    // A category may be a path: `Kitchen > Mugs`. The page `/kitchen` is about all below it.
    const levels = names.map((name) => {
      const parts = name.split(/[>/|]/).map(wordsOf)
      return parts.filter((words) => words[0] && words.every((word) => present.has(word))).length
    })
    const most = levels.reduce((a, b) => Math.max(a, b), 0)
    if (most > 0) return mostPopular(catalog, MOST, (row) => levels[codes[row]! - 1] === most)
  }
  return []
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
}
