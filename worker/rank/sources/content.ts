/**
 * Items that fit by what the catalogue says of them, where the model's space says nothing: what the visitor asked for before the
 * first look at an item (`Known.asked`), and later the likes of an item that has no vector. `lead.ts` puts them first.
 */
import type { Catalog } from '../../catalog/catalog.js'
import { EXCLUDED } from '../../compute/scorer.js'
import type { Landing } from '../../protocol.js'
import type { Generator, RankContext } from '../candidates.js'
import { mostPopular } from '../most-popular.js'

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
/** Search words that count. */
const WORDS = 8
/** To read the titles of more items takes too long. Of a larger catalogue the most popular items are searched. */
const READ = 20_000

/** Rows by how many and how rare words of the search they have, then by popularity. */
export function searchFor(catalog: Catalog, query: string): number[] {
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

/** The most popular items of the category or brand that the page is about; of all that fit equally well. */
export function fittingPage(catalog: Catalog, { path, referrer }: Landing): number[] {
  const present = new Set([path, referrer].flatMap((address) => wordsOf(readable(address))))
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
