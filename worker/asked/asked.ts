/**
 * What the visitor asks for before the first look at an item: by a search, by the page on which the visit begins, or by what
 * they say they prefer. A search always counts; the others only where no earlier visit tells more.
 */
import type { Catalog } from '../catalog/catalog.js'
import type { Preferred } from '../feedback/preferences.js'
import type { Landing } from '../protocol.js'
import { preferredRows } from './preferences.js'
import { fittingPage, searchFor } from './search.js'

/**
 * @param returning whether earlier visits left interests
 * @returns rows, the best first
 */
export function askedBy(
  catalog: Catalog,
  { query, path, referrer }: Landing,
  preferred?: Preferred,
  returning = false,
): readonly number[] {
  const searched = searchFor(catalog, readable(query))
  if (searched.length > 0 || returning) return searched
  const page = fittingPage(catalog, `${readable(path)} ${readable(referrer)}`)
  return page.length > 0 || !preferred ? page : preferredRows(catalog, preferred)
}

/** A text without the marks that addresses need; '' for what is no text. */
function readable(text: unknown): string {
  if (typeof text !== 'string') return ''
  const beginning = text.slice(0, 1000)
  try {
    return decodeURIComponent(beginning)
  } catch {
    return beginning
  }
}
