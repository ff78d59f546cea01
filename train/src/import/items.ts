/** Adds items that are in neither the log nor the catalogue. */
import type { Catalogue } from '../data/catalogue.js'
import type { Interactions } from '../data/interactions.js'
import { compareIds } from '../pack/content.js'

export interface Shop {
  data: Interactions
  catalogue: Catalogue | null
  /** Rows of items that are not in the catalogue; empty if there is no catalogue. */
  outOfCatalogue: Uint32Array
}

/** The empty log of a shop with these items. */
export function withoutLog(ids: string[]): Interactions {
  return {
    ids,
    offsets: new Uint32Array(1),
    rows: new Uint32Array(),
    weights: new Float32Array(),
    times: new Float64Array(),
    users: null,
    time: 'order',
  }
}

/** The shop with more items. Rows get new numbers, so that the ids stay sorted. */
export function withItems({ data, catalogue, outOfCatalogue }: Shop, more: readonly string[]): Shop {
  const known = new Set(data.ids)
  const added = more.filter((id) => !known.has(id))
  if (added.length === 0) return { data, catalogue, outOfCatalogue }
  const ids = [...data.ids, ...added].sort(compareIds)
  const next = new Map(ids.map((id, row) => [id, row]))
  const rows = Uint32Array.from(data.ids, (id) => next.get(id)!)
  const spread = <T>(column: readonly T[]): (T | undefined)[] => {
    const out = new Array<T | undefined>(ids.length).fill(undefined)
    for (const [row, value] of column.entries()) out[rows[row]!] = value
    return out
  }
  const numbers = (column: Float64Array) =>
    Float64Array.from(spread(Array.from(column)), (value) => value ?? Number.NaN)
  const columns = Object.entries(catalogue ?? {}).map(([name, column]) => [
    name,
    column instanceof Map
      ? new Map([...column].map(([attribute, values]) => [attribute, spread(values)]))
      : column instanceof Float64Array
        ? numbers(column)
        : spread(column as string[]),
  ])
  return {
    data: { ...data, ids, rows: data.rows.map((row) => rows[row]!) },
    catalogue: catalogue && (Object.fromEntries(columns) as Catalogue),
    outOfCatalogue: outOfCatalogue.map((row) => rows[row]!),
  }
}
