/** Refuses a log of another shop, or with other item ids: every figure would be 0. */
import type { Catalog } from '../../../../worker/catalog/catalog.js'

/**
 * @param ids of the log's items
 * @throws when the pack has none of them
 */
export function mustKnowSome(catalog: Catalog, ids: readonly string[]): void {
  if (ids.some((id) => catalog.rowOf(id) >= 0)) return
  const own = [0, 1, 2].filter((row) => row < catalog.size).map((row) => catalog.idOf(row))
  throw new Error(
    `The pack knows none of the log's items (the log has ${ids.slice(0, 3).join(', ')}…, the pack ${own.join(', ')}…). ` +
      'Is it the log of this shop, with the ids that the pack was trained with? --columns names another column.',
  )
}
