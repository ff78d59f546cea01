/**
 * Items that fit by what the catalogue says of them, where the model's space says nothing: what the visitor asked for before the
 * first look at an item (`Known.asked`), and later the likes of an item that has no vector. `lead.ts` puts them first.
 */
import type { Catalog } from '../catalog/catalog.js'
import { EXCLUDED } from '../compute/scorer.js'
import type { Generator, RankContext } from './candidates.js'
import { mostPopular } from './most-popular.js'

export const content: Generator = (context) => [{ source: 'content', rows: fitting(context) }]

/** The rows that fit, the best first. */
export function fitting({ asked, evidence, model: { catalog } }: RankContext): readonly number[] {
  const last = evidence.steps.at(-1)
  if (!last) return asked()
  if (catalog.bias[last.row] !== EXCLUDED) return []
  const viewed = new Set(evidence.steps.map(({ row }) => row))
  return likesOf(catalog, last.row).filter((row) => !viewed.has(row))
}

/** The most popular items of the same category; of the same brand where there is none. */
function likesOf(catalog: Catalog, row: number): number[] {
  for (const field of ['category', 'brand'] as const) {
    const { codes } = catalog.dictionary(field) ?? {}
    const code = codes?.[row]
    if (code) return mostPopular(catalog, MOST, (other) => codes![other] === code)
  }
  return []
}

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
