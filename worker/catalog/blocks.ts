/**
 * A section in blocks of 16 entries, so that reading one entry skips at most 15 others. First come the byte lengths of
 * the blocks (u32 each), then the blocks.
 */
import { PackError } from '../pack/errors.js'
import type { Encoding } from '../pack/manifest.js'
import type { Pack } from '../pack/pack.js'

export const PER_BLOCK = 16

/** Finds a block and reads forward through it, never past its end. */
export interface Blocks {
  /** Goes to the beginning of the block that holds an entry; returns how many entries stand before it there. */
  open(entry: number): number
  byte(): number
  /** A LEB128 number below 2^35. */
  leb(): number
  take(length: number): Uint8Array
  refuse(what: string): never
}

/**
 * @param entries in all
 * @throws PackError when the blocks do not fill the section
 */
export function openBlocks(pack: Pack, name: string, encoding: Encoding, entries: number): Blocks {
  const { bytes } = pack.section(name, encoding)
  const blocks = Math.ceil(entries / PER_BLOCK)
  /** Where each block begins, and the end of the last. */
  const starts = new Uint32Array(blocks + 1)
  let at = blocks * 4
  let end = 0

  function refuse(what: string): never {
    throw new PackError('malformed', `section ${name}: ${what}`)
  }

  function take(length: number): Uint8Array {
    if (length > end - at) refuse('a block ends too early')
    at += length
    return bytes.subarray(at - length, at)
  }

  function byte(): number {
    if (at >= end) take(1)
    return bytes[at++]!
  }

  if (at <= bytes.length) {
    const view = new DataView(bytes.buffer, bytes.byteOffset)
    for (let block = 0; block < blocks; block++) {
      starts[block] = at
      at += view.getUint32(block * 4, true)
    }
    starts[blocks] = at
  }
  if (at !== bytes.length) refuse('its blocks do not fill it')

  return {
    open(entry) {
      const block = Math.floor(entry / PER_BLOCK)
      at = starts[block]!
      end = starts[block + 1]!
      return entry % PER_BLOCK
    },
    byte,
    leb() {
      let value = 0
      for (let factor = 1; factor < 2 ** 35; factor *= 128) {
        const next = byte()
        value += (next & 127) * factor
        if (next < 128) return value
      }
      return refuse('a number has more than 5 bytes')
    },
    take,
    refuse,
  }
}
