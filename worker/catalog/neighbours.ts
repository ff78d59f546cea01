/**
 * A sparse item-to-item table, read list by list.
 *
 * Three sections in the order of the rows: `lengths` (u8, entries of each list), `weights` (u8, all lists one after
 * the other) and `rows`, in blocks (`blocks.ts`) of 16 lists: LEB128 differences of ascending rows, the first to -1.
 */
import type { Pack } from '../pack/pack.js'
import { openBlocks, PER_BLOCK } from './blocks.js'
import type { Neighbours } from './catalog.js'

/**
 * @returns the neighbours of a row; their weights are (stored / 255)^2, scaled to sum to 1
 * @throws PackError when the sections do not fit together
 */
export function openNeighbours(pack: Pack, table: string): (row: number) => Neighbours {
  const { items } = pack.manifest
  const lengths = pack.array(`neighbours.${table}.lengths`, 'u8', items)
  /** Where each block's weights begin. */
  const starts = new Uint32Array(Math.ceil(items / PER_BLOCK))
  let entries = 0
  for (let row = 0; row < items; row++) {
    if (row % PER_BLOCK === 0) starts[row / PER_BLOCK] = entries
    entries += lengths[row]!
  }
  const codes = pack.array(`neighbours.${table}.weights`, 'u8', entries)
  const blocks = openBlocks(pack, `neighbours.${table}.rows`, 'varint-delta', items)

  return (row) => {
    const length = lengths[row]!
    const rows = new Uint32Array(length)
    const weights = new Float32Array(length)
    let before = 0
    for (let other = row - blocks.open(row); other < row; other++) before += lengths[other]!
    for (let left = before; left > 0; ) if (blocks.byte() < 128) left--
    const first = starts[Math.floor(row / PER_BLOCK)]! + before
    let neighbour = -1
    let sum = 0
    for (let i = 0; i < length; i++) {
      const step = blocks.leb()
      neighbour += step
      if (step === 0 || neighbour >= items) blocks.refuse(`list ${row} does not ascend within the items`)
      rows[i] = neighbour
      weights[i] = codes[first + i]! ** 2
      sum += weights[i]!
    }
    return { rows, weights: sum > 0 ? weights.map((weight) => weight / sum) : weights }
  }
}
