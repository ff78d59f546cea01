/**
 * A section in blocks of 16 entries, so that one entry is read by passing over at most 15 others: u32 byte lengths of
 * the blocks, then the blocks.
 */
import { PackError } from '../pack/errors.js'
import type { Encoding } from '../pack/manifest.js'
import type { Pack } from '../pack/pack.js'

export const PER_BLOCK = 16

/** Finds a block and reads forward through it, never past its end. */
export class Blocks {
  readonly #bytes: Uint8Array
  /** Where each block begins, and the end of the last. */
  readonly #starts: Uint32Array
  readonly #name: string
  #at = 0
  #end = 0

  /**
   * @param entries in all
   * @throws PackError when the blocks do not fill the section
   */
  constructor(pack: Pack, name: string, encoding: Encoding, entries: number) {
    const { bytes } = pack.section(name, encoding)
    const blocks = Math.ceil(entries / PER_BLOCK)
    this.#name = name
    this.#bytes = bytes
    this.#starts = new Uint32Array(blocks + 1)
    let at = blocks * 4
    if (at <= bytes.length) {
      const view = new DataView(bytes.buffer, bytes.byteOffset)
      for (let block = 0; block < blocks; block++) {
        this.#starts[block] = at
        at += view.getUint32(block * 4, true)
      }
      this.#starts[blocks] = at
    }
    if (at !== bytes.length) this.refuse('its blocks do not fill it')
  }

  /** Goes to the beginning of the block that holds an entry; returns how many entries stand before it there. */
  open(entry: number): number {
    const block = Math.floor(entry / PER_BLOCK)
    this.#at = this.#starts[block]!
    this.#end = this.#starts[block + 1]!
    return entry % PER_BLOCK
  }

  byte(): number {
    if (this.#at >= this.#end) this.take(1)
    return this.#bytes[this.#at++]!
  }

  /** A LEB128 number below 2^35. */
  leb(): number {
    let value = 0
    for (let factor = 1; factor < 2 ** 35; factor *= 128) {
      const byte = this.byte()
      value += (byte & 127) * factor
      if (byte < 128) return value
    }
    return this.refuse('a number has more than 5 bytes')
  }

  take(length: number): Uint8Array {
    const at = this.#at
    if (length > this.#end - at) this.refuse('a block ends too early')
    this.#at += length
    return this.#bytes.subarray(at, at + length)
  }

  refuse(what: string): never {
    throw new PackError('malformed', `section ${this.#name}: ${what}`)
  }
}
