/** What a pack says about items: columns of the catalogue, and what the log knows of them. */
import type { Catalogue } from '../data/catalogue.js'
import type { Interactions } from '../data/interactions.js'
import type { FactColumns } from './content.js'
import { repurchaseDays } from './repurchase.js'

/**
 * @param further columns that the pack needs besides those that every pack has. Others stay out: a pack is public, and a
 *   catalogue may have columns that are not, for example what an item costs the shop.
 * @param k the least number of people behind a fact from the log
 */
export function factsOf(
  catalogue: Catalogue | null,
  further: readonly string[],
  log: Interactions,
  k: number,
): FactColumns {
  const { title, category, brand, image, url, price, available, added } = catalogue ?? {}
  const repurchase = repurchaseDays(log, category, k)
  const columns = { title, category, brand, image, url, price, available, added, repurchase }
  const attributes = new Map(further.map((name) => [name, catalogue!.attributes.get(name)!]))
  return {
    ...Object.fromEntries(Object.entries(columns).filter(([, column]) => column !== undefined)),
    ...(attributes.size > 0 && { attributes }),
  }
}
