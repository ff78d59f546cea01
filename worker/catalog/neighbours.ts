/**
 * A sparse item-to-item table, read list by list.
 *
 * Three sections in the order of the rows: `lengths` (u8, entries of each list), `weights` (u8, all lists one after
 * the other) and `rows`, in blocks (`blocks.ts`) of 16 lists: LEB128 differences of ascending rows, the first to -1.
 */
import type { Pack } from '../pack/pack.js'
import { Blocks, PER_BLOCK } from './blocks.js'
import type { Neighbours } from './catalog.js'

export class NeighbourTable {
  readonly #items: number
  readonly #lengths: Uint8Array
  readonly #weights: Uint8Array
  readonly #rows: Blocks
  /** Where each block's weights begin. */
  readonly #weightsAt: Uint32Array

  /** @throws PackError when the sections do not fit together */
  constructor(pack: Pack, table: string) {
    const { items } = pack.manifest
    // Locals: this runs at every start of a page, before any compiler has seen it.
    const lengths = pack.array(`neighbours.${table}.lengths`, 'u8', items)
    const weightsAt = new Uint32Array(Math.ceil(items / PER_BLOCK))
    let entries = 0
    for (let row = 0; row < items; row++) {
      if (row % PER_BLOCK === 0) weightsAt[row / PER_BLOCK] = entries
      entries += lengths[row]!
    }
    this.#items = items
    this.#lengths = lengths
    this.#weightsAt = weightsAt
    this.#weights = pack.array(`neighbours.${table}.weights`, 'u8', entries)
    this.#rows = new Blocks(pack, `neighbours.${table}.rows`, 'varint-delta', items)
  }

  /** The neighbours of a row; their weights are (stored / 255)^2, scaled to sum to 1. */
  of(row: number): Neighbours {
    const length = this.#lengths[row]!
    const rows = new Uint32Array(length)
    const weights = new Float32Array(length)
    let before = 0
    for (let other = row - this.#rows.open(row); other < row; other++) before += this.#lengths[other]!
    for (let left = before; left > 0; ) if (this.#rows.byte() < 128) left--
    const first = this.#weightsAt[Math.floor(row / PER_BLOCK)]! + before
    let neighbour = -1
    let sum = 0
    for (let i = 0; i < length; i++) {
      const step = this.#rows.leb()
      neighbour += step
      if (step === 0 || neighbour >= this.#items)
        this.#rows.refuse(`list ${row} does not ascend within the items`)
      rows[i] = neighbour
      weights[i] = this.#weights[first + i]! ** 2
      sum += weights[i]!
    }
    if (sum > 0) for (let i = 0; i < length; i++) weights[i] = weights[i]! / sum
    return { rows, weights }
  }
}
