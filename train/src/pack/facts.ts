/** The columns of a catalogue that go into a pack. */
import type { Catalogue } from '../data/catalogue.js'
import type { FactColumns } from './content.js'

/**
 * @param further columns that the pack needs besides those that every pack has. Others stay out: a pack is public, and a
 *   catalogue may have columns that are not, for example what an item costs the shop.
 */
export function factsOf(catalogue: Catalogue, further: readonly string[] = []): FactColumns {
  const { title, category, brand, image, url, price, available, added } = catalogue
  const columns = { title, category, brand, image, url, price, available, added }
  const attributes = new Map(further.map((name) => [name, catalogue.attributes.get(name)!]))
  return {
    ...Object.fromEntries(Object.entries(columns).filter(([, column]) => column !== undefined)),
    ...(attributes.size > 0 && { attributes }),
  }
}
