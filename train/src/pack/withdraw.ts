/** Withdraws items that a pack knows but must not recommend, because they are not in the shop's catalogue. */
import { EXCLUDED } from '../../../worker/compute/scorer.js'
import type { NeighbourTable, PackContent } from './content.js'

/**
 * Returns the same pack with these rows withdrawn. They are still steps of a session, with their own vectors and
 * neighbours, but no search, no list of neighbours and no list of popular items contains them.
 */
export function withdraw(content: PackContent, rows: Uint32Array): PackContent {
  if (rows.length === 0) return content
  const out = new Uint8Array(content.ids.length)
  for (const row of rows) out[row] = 1
  return {
    ...content,
    bias: content.bias.map((bias, row) => (out[row] ? EXCLUDED : bias)),
    popularity: content.popularity.map((sessions, row) => (out[row] ? 0 : sessions)),
    tables: content.tables.map((table) => without(table, out)),
  }
}

function without(table: NeighbourTable, out: Uint8Array): NeighbourTable {
  const keep = (_: unknown, at: number) => !out[table.rows[at]!]
  const offsets = new Uint32Array(table.offsets.length)
  for (let row = 0; row + 1 < offsets.length; row++) {
    let kept = 0
    for (let at = table.offsets[row]!; at < table.offsets[row + 1]!; at++) if (!out[table.rows[at]!]) kept++
    offsets[row + 1] = offsets[row]! + kept
  }
  return { ...table, offsets, rows: table.rows.filter(keep), weights: table.weights.filter(keep) }
}
