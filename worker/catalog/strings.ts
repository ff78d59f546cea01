/**
 * Front-coded strings (Witten, Moffat & Bell 1999), looked up without ever being decoded as a whole: building a Map
 * of 200k ids takes a second, a search here some microseconds.
 *
 * Layout: u32 byte lengths of the blocks of 16 strings each, then the blocks. A string is one byte, high half the
 * number of bytes shared with the string before it, low half the number of bytes that follow; a half of 15 is
 * continued by a LEB128 number to be added (the shared one first). Each block's first string shares nothing.
 */
import { PackError } from '../pack/errors.js'
import type { Pack } from '../pack/pack.js'
import { Cursor } from './cursor.js'

export const STRINGS_PER_BLOCK = 16

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const encoder = new TextEncoder()

export class Strings {
  readonly length: number
  readonly #name: string
  readonly #bytes: Uint8Array
  /** Where each block begins, and the end of the last. */
  readonly #starts: Uint32Array
  /** The string last decoded. */
  #text = new Uint8Array(64)
  #textLength = 0

  /** @throws PackError when the blocks do not fill the section */
  constructor(pack: Pack, name: string) {
    this.#name = name
    this.#bytes = pack.stored(name)
    this.length = pack.section(name).shape[0]!
    const blocks = Math.ceil(this.length / STRINGS_PER_BLOCK)
    this.#starts = blockStarts(this.#bytes, blocks, name)
  }

  /** The i-th string; '' stands for an absent one. */
  at(i: number): string {
    const block = Math.floor(i / STRINGS_PER_BLOCK)
    const cursor = this.#open(block)
    for (let at = block * STRINGS_PER_BLOCK; at <= i; at++) this.#next(cursor)
    return decoder.decode(this.#text.subarray(0, this.#textLength))
  }

  /** Index of a string, or -1. The strings must ascend in the byte order of their UTF-8. */
  find(wanted: string): number {
    const target = encoder.encode(wanted)
    // The last block whose first string is not behind the wanted one.
    let low = 0
    let high = this.#starts.length - 2
    while (low < high) {
      const middle = (low + high + 1) >> 1
      this.#next(this.#open(middle))
      if (this.#compare(target) <= 0) low = middle
      else high = middle - 1
    }
    const first = low * STRINGS_PER_BLOCK
    const end = Math.min(first + STRINGS_PER_BLOCK, this.length)
    const cursor = this.#open(low)
    for (let i = first; i < end; i++) {
      this.#next(cursor)
      const order = this.#compare(target)
      if (order >= 0) return order === 0 ? i : -1
    }
    return -1
  }

  #open(block: number): Cursor {
    this.#textLength = 0
    return new Cursor(this.#bytes, this.#starts[block]!, this.#starts[block + 1]!, this.#name)
  }

  /** Decodes the string at the cursor, which builds on the one before it. */
  #next(cursor: Cursor): void {
    const head = cursor.byte()
    const shared = head >> 4 === 15 ? 15 + cursor.leb() : head >> 4
    const own = (head & 15) === 15 ? 15 + cursor.leb() : head & 15
    if (shared > this.#textLength) {
      throw new PackError('malformed', `section ${this.#name}: a string shares more than its forerunner has`)
    }
    const bytes = cursor.take(own)
    const length = shared + own
    if (length > this.#text.length) {
      const larger = new Uint8Array(length * 2)
      larger.set(this.#text)
      this.#text = larger
    }
    this.#text.set(bytes, shared)
    this.#textLength = length
  }

  /** Below 0 when the string last decoded comes before the target. */
  #compare(target: Uint8Array): number {
    const shorter = Math.min(this.#textLength, target.length)
    for (let i = 0; i < shorter; i++) {
      const difference = this.#text[i]! - target[i]!
      if (difference !== 0) return difference
    }
    return this.#textLength - target.length
  }
}

/** Adds up block lengths at the head of `bytes`: where each block begins, and the end of the last. */
function blockStarts(bytes: Uint8Array, blocks: number, name: string): Uint32Array {
  const starts = new Uint32Array(blocks + 1)
  if (blocks * 4 <= bytes.length) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    let at = blocks * 4
    starts[0] = at
    for (let block = 0; block < blocks && at <= bytes.length; block++) {
      at += view.getUint32(block * 4, true)
      starts[block + 1] = at
    }
    if (at === bytes.length) return starts
  }
  throw new PackError('malformed', `section ${name}: its blocks do not fill it`)
}
