/**
 * Front-coded strings (Witten, Moffat & Bell 1999), looked up without ever being decoded as a whole: building a Map
 * of 200k ids takes a second, a search here some microseconds.
 *
 * They are stored in blocks (`blocks.ts`). A string begins with one byte: its high half is the number of bytes shared
 * with the string before it, its low half the number of bytes that follow. Where a half is 15, a LEB128 number follows
 * that is added to it (the shared one first). The first string of a block shares nothing.
 */
import type { Pack } from '../pack/pack.js'
import { openBlocks, PER_BLOCK } from './blocks.js'

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const encoder = new TextEncoder()

export interface Strings {
  readonly length: number
  /** The i-th string; '' stands for an absent one. */
  at(i: number): string
  /** Index of a string, or -1. The strings must ascend in the byte order of their UTF-8. */
  find(wanted: string): number
}

/**
 * @param expected how many strings, if that is known
 * @throws PackError
 */
export function openStrings(pack: Pack, name: string, expected?: number): Strings {
  const length = pack.section(name).section.shape[0]!
  const blocks = openBlocks(pack, name, 'front-coded', length)
  if (length !== (expected ?? length)) blocks.refuse(`${length} strings, expected ${expected}`)
  /** The string last decoded. */
  let text = new Uint8Array(64)
  let textLength = 0

  function open(i: number): number {
    textLength = 0
    return blocks.open(i)
  }

  /** Half of a string's first byte, and what continues it. */
  function number(half: number): number {
    return half === 15 ? 15 + blocks.leb() : half
  }

  /** Decodes the next string, which builds on the one before it. */
  function next(): void {
    const head = blocks.byte()
    const shared = number(head >> 4)
    const own = blocks.take(number(head & 15))
    if (shared > textLength) blocks.refuse('a string shares more than there is')
    textLength = shared + own.length
    if (textLength > text.length) {
      const larger = new Uint8Array(textLength * 2)
      larger.set(text)
      text = larger
    }
    text.set(own, shared)
  }

  /** Below 0 when the string last decoded comes before the target. */
  function compare(target: Uint8Array): number {
    const shorter = Math.min(textLength, target.length)
    for (let i = 0; i < shorter; i++) {
      const difference = text[i]! - target[i]!
      if (difference !== 0) return difference
    }
    return textLength - target.length
  }

  return {
    length,
    at(i) {
      for (let before = open(i); before >= 0; before--) next()
      return decoder.decode(text.subarray(0, textLength))
    },
    find(wanted) {
      const target = encoder.encode(wanted)
      // Finds the last block whose first string does not come after the wanted one.
      let low = 0
      let high = Math.ceil(length / PER_BLOCK) - 1
      while (low < high) {
        const middle = (low + high + 1) >> 1
        open(middle * PER_BLOCK)
        next()
        if (compare(target) <= 0) low = middle
        else high = middle - 1
      }
      let i = low * PER_BLOCK
      const end = Math.min(i + PER_BLOCK, length)
      open(i)
      for (; i < end; i++) {
        next()
        const order = compare(target)
        if (order >= 0) return order === 0 ? i : -1
      }
      return -1
    },
  }
}
