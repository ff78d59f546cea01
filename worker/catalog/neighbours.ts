/**
 * A sparse item-to-item table, read list by list.
 *
 * Sections, in the order of the rows: `lengths` (u8, entries of each list), `weights` (u8, all lists one after the
 * other), `rows` (LEB128 differences of the ascending rows, the first to -1) and `blocks` (u32, bytes of `rows` taken
 * by each 16 lists), so that a list is found by passing over at most 15 others.
 */
import { PackError } from '../pack/errors.js'
import type { Pack } from '../pack/pack.js'
import type { Neighbours } from './catalog.js'
import { Cursor } from './cursor.js'

export const LISTS_PER_BLOCK = 16

export class NeighbourTable {
  readonly #items: number
  readonly #name: string
  readonly #lengths: Uint8Array
  readonly #weights: Uint8Array
  readonly #rows: Uint8Array
  /** Of each block: where its bytes begin in `rows`, and its weights in `weights`; both with the end of the last. */
  readonly #bytesAt: Uint32Array
  readonly #weightsAt: Uint32Array

  /** @throws PackError when the four sections do not fit together */
  constructor(pack: Pack, table: string) {
    const prefix = `neighbours.${table}`
    this.#items = pack.manifest.items
    this.#name = `${prefix}.rows`
    this.#lengths = pack.array(`${prefix}.lengths`, 'u8')
    this.#weights = pack.array(`${prefix}.weights`, 'u8')
    this.#rows = pack.stored(this.#name)
    const sizes = pack.array(`${prefix}.blocks`, 'u32')
    const blocks = Math.ceil(this.#items / LISTS_PER_BLOCK)
    this.#bytesAt = new Uint32Array(blocks + 1)
    this.#weightsAt = new Uint32Array(blocks + 1)
    let bytes = 0
    let entries = 0
    // A local: this runs at every start of a page, before any compiler has seen it.
    const lengths = this.#lengths
    for (let block = 0, row = 0; block < blocks; block++) {
      const end = Math.min(row + LISTS_PER_BLOCK, lengths.length)
      while (row < end) entries += lengths[row++]!
      bytes += sizes[block] ?? 0
      this.#bytesAt[block + 1] = bytes
      this.#weightsAt[block + 1] = entries
    }
    const counted = pack.section(this.#name).shape[0]
    if (
      sizes.length !== blocks ||
      bytes !== this.#rows.length ||
      entries !== this.#weights.length ||
      entries !== counted
    ) {
      throw new PackError(
        'malformed',
        `section ${this.#name}: ${counted} values in ${this.#rows.length} bytes do not fit ${entries} by its lengths, ` +
          `${this.#weights.length} weights and ${bytes} bytes by its blocks`,
      )
    }
  }

  /** The neighbours of a row; their weights are (stored / 255)^2, scaled to sum to 1. */
  of(row: number): Neighbours {
    const length = this.#lengths[row] ?? 0
    const rows = new Uint32Array(length)
    const weights = new Float32Array(length)
    if (length === 0) return { rows, weights }
    const block = Math.floor(row / LISTS_PER_BLOCK)
    let before = 0
    for (let r = block * LISTS_PER_BLOCK; r < row; r++) before += this.#lengths[r]!
    const cursor = new Cursor(this.#rows, this.#bytesAt[block]!, this.#bytesAt[block + 1]!, this.#name)
    cursor.skip(before)
    const first = this.#weightsAt[block]! + before
    let neighbour = -1
    let sum = 0
    for (let i = 0; i < length; i++) {
      const step = cursor.leb()
      neighbour += step
      if (step === 0 || neighbour >= this.#items) {
        throw new PackError(
          'malformed',
          `section ${this.#name}: list ${row} does not ascend within ${this.#items} rows`,
        )
      }
      rows[i] = neighbour
      const weight = this.#weights[first + i]!
      weights[i] = weight * weight
      sum += weight * weight
    }
    if (sum > 0) for (let i = 0; i < length; i++) weights[i] = weights[i]! / sum
    return { rows, weights }
  }
}
