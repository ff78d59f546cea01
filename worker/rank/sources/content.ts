/**
 * Items that fit what is known of a visitor before the first look at an item: the words of a search, or else the category
 * or brand that the page is named after on which the visit began.
 */
import type { Catalog } from '../../catalog/catalog.js'
import type { Landing } from '../../protocol.js'
import type { Generator } from '../candidates.js'
import { mostPopular } from '../most-popular.js'

export const content: Generator = ({ asked, evidence }) => [
  { source: 'content', rows: evidence.steps.length === 0 ? asked() : [] },
]

/** As many as a list may show. */
const MOST = 200
/** Search words that count. */
const WORDS = 8
/** To read the titles of more items takes too long. Of a larger catalogue the most popular items are searched. */
const READ = 20_000

/**
 * @returns rows, the best first: by how many and how rare words of the search they have, then by popularity; empty where
 * nothing fits. Undefined while the catalogue's facts are not there.
 */
export function fitting(catalog: Catalog, { query, path, referrer }: Landing): number[] | undefined {
  if (!['title', 'category', 'brand'].some(catalog.has)) return undefined
  const found = query ? search(catalog, query) : []
  return found.length > 0 ? found : ofPage(catalog, [path, referrer].map(readable).join(' '))
}

function search(catalog: Catalog, query: string): number[] {
  const patterns = [...new Set(wordsOf(query))].slice(0, WORDS).map(patternOf)
  const words = (text: unknown) =>
    patterns.reduce((bits, pattern, w) => (pattern.test(String(text)) ? bits | (1 << w) : bits), 0)
  const shared = (['category', 'brand'] as const).flatMap((field) => {
    const { codes, names } = catalog.dictionary(field) ?? {}
    return codes && names ? [{ codes, bits: [0, ...names.map(words)] }] : []
  })
  const ofWords = new Map<number, number>()
  const rows = mostPopular(catalog, catalog.size > READ ? 1000 : READ, (row) => {
    const title = words(catalog.attribute(row, 'title') ?? '')
    const bits = shared.reduce((all, { codes, bits }) => all | bits[codes[row]!]!, title)
    if (bits > 0) ofWords.set(row, bits)
    return bits > 0
  })
  // A word counts by how few items have it (inverse document frequency).
  const worth = patterns.map((_, w) => {
    const having = rows.filter((row) => ofWords.get(row)! & (1 << w)).length
    return Math.log(1 + catalog.size / (1 + having))
  })
  const score = (row: number) =>
    worth.reduce((sum, value, w) => (ofWords.get(row)! & (1 << w) ? sum + value : sum), 0)
  const scores = new Map(rows.map((row) => [row, score(row)]))
  // Stable: equal scores stay in the order of popularity.
  return rows.sort((a, b) => scores.get(b)! - scores.get(a)!).slice(0, MOST)
}

/** The most popular items of the category or brand that most of its words are about; of all that fit equally well. */
function ofPage(catalog: Catalog, page: string): number[] {
  const present = new Set(wordsOf(page))
  for (const field of ['category', 'brand'] as const) {
    const { codes, names } = catalog.dictionary(field) ?? {}
    if (!codes || !names) continue
    // A category may be a path: `Kitchen > Mugs`. The page `/kitchen` is about all below it.
    const levels = names.map((name) => {
      const parts = name.split(/[>/|]/).map(wordsOf)
      return parts.filter((words) => words.length > 0 && words.every((word) => present.has(word))).length
    })
    const most = Math.max(0, ...levels)
    if (most > 0) return mostPopular(catalog, MOST, (row) => levels[codes[row]! - 1] === most)
  }
  return []
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
}

/** Finds a word in a text, also as a plural. */
function patternOf(word: string): RegExp {
  const stem = word.length > 3 ? word.replace(/s$/, '') : word
  return new RegExp(`(^|[^\\p{L}\\p{N}])${stem}\\p{L}{0,2}($|[^\\p{L}\\p{N}])`, 'iu')
}

function readable(address = ''): string {
  try {
    return decodeURIComponent(address)
  } catch {
    return address
  }
}
