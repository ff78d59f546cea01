/**
 * Front-coded strings (Witten, Moffat & Bell 1999), looked up without ever being decoded as a whole: building a Map
 * of 200k ids takes a second, a search here some microseconds.
 *
 * In blocks (`blocks.ts`). A string is one byte, high half the number of bytes shared with the string before it, low
 * half the number of bytes that follow; a half of 15 is continued by a LEB128 number to be added (the shared one
 * first). Each block's first string shares nothing.
 */
import type { Pack } from '../pack/pack.js'
import { Blocks, PER_BLOCK } from './blocks.js'

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const encoder = new TextEncoder()

export class Strings {
  readonly length: number
  readonly #blocks: Blocks
  /** The string last decoded. */
  #text = new Uint8Array(64)
  #textLength = 0

  /**
   * @param length how many are expected, if that is known
   * @throws PackError
   */
  constructor(pack: Pack, name: string, length?: number) {
    this.length = pack.section(name).section.shape[0]!
    this.#blocks = new Blocks(pack, name, 'front-coded', this.length)
    if (this.length !== (length ?? this.length))
      this.#blocks.refuse(`${this.length} strings, expected ${length}`)
  }

  /** The i-th string; '' stands for an absent one. */
  at(i: number): string {
    for (let before = this.#open(i); before >= 0; before--) this.#next()
    return decoder.decode(this.#text.subarray(0, this.#textLength))
  }

  /** Index of a string, or -1. The strings must ascend in the byte order of their UTF-8. */
  find(wanted: string): number {
    const target = encoder.encode(wanted)
    // The last block whose first string is not behind the wanted one.
    let low = 0
    let high = Math.ceil(this.length / PER_BLOCK) - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      this.#open(middle * PER_BLOCK)
      this.#next()
      if (this.#compare(target) <= 0) low = middle
      else high = middle - 1
    }
    let i = low * PER_BLOCK
    const end = Math.min(i + PER_BLOCK, this.length)
    this.#open(i)
    for (; i < end; i++) {
      this.#next()
      const order = this.#compare(target)
      if (order >= 0) return order === 0 ? i : -1
    }
    return -1
  }

  #open(i: number): number {
    this.#textLength = 0
    return this.#blocks.open(i)
  }

  /** Decodes the next string, which builds on the one before it. */
  #next(): void {
    const blocks = this.#blocks
    const head = blocks.byte()
    const shared = head >> 4 === 15 ? 15 + blocks.leb() : head >> 4
    const own = (head & 15) === 15 ? 15 + blocks.leb() : head & 15
    if (shared > this.#textLength) blocks.refuse('a string shares more than there is')
    const bytes = blocks.take(own)
    this.#textLength = shared + own
    if (this.#textLength > this.#text.length) {
      const larger = new Uint8Array(this.#textLength * 2)
      larger.set(this.#text)
      this.#text = larger
    }
    this.#text.set(bytes, shared)
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
