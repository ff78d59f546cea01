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
