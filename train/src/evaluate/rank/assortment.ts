/** All items that the pack and the logs have, under common numbers, with what a server would know of them. */
import type { Catalog } from '../../../../worker/catalog/catalog.js'
import type { Interactions } from '../../data/interactions.js'

export interface Assortment {
  /** Id of each item. The first ones are the rows of the pack. */
  ids: readonly string[]
  numberOf(id: string): number | undefined
  /** How often each item was looked at: events of the training log, or else sessions by the pack's counts. */
  counts: Float64Array
  /** The items that were looked at, most often first, ties by number. */
  popular: Uint32Array
}

/**
 * @param train the training log; without it, the pack's counts are used, which leave out rare items
 * @param more ids of items that are nowhere else
 */
export function assortmentOf(
  catalog: Catalog,
  test: Interactions,
  train: Interactions | undefined,
  more: readonly string[] = [],
): Assortment {
  const ids = Array.from({ length: catalog.size }, (_, row) => catalog.idOf(row))
  const numbers = new Map(ids.map((id, number) => [id, number]))
  for (const id of [...(train?.ids ?? []), ...test.ids, ...more]) {
    if (!numbers.has(id)) numbers.set(id, ids.push(id) - 1)
  }
  const counts = new Float64Array(ids.length)
  if (train) for (const row of train.rows) counts[numbers.get(train.ids[row]!)!]!++
  else for (let row = 0; row < catalog.size; row++) counts[row] = catalog.popularity(row)
  return {
    ids,
    numberOf: (id) => numbers.get(id),
    counts,
    popular: Uint32Array.from(ids.keys())
      .filter((item) => counts[item]! > 0)
      .sort((a, b) => counts[b]! - counts[a]! || a - b),
  }
}
