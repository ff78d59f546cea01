import type { Catalog } from '../catalog/catalog.js'

/** How many of the facts are there by which items are asked for. The last file of a pack comes after the first lists. */
export function described(catalog: Catalog): number {
  return ['title', 'category', 'brand', 'price'].filter(catalog.has).length
}
