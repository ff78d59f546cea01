/** The encodings of docs/pack.md. Each is the inverse of its reader in `worker/catalog/`. */
import { PER_BLOCK } from '../../../worker/catalog/blocks.js'
import { countOf } from '../../../worker/catalog/popularity.js'
import { Bytes } from './bytes.js'
import type { NeighbourTable } from './content.js'

/**
 * Puts entries into blocks of 16; see `worker/catalog/blocks.ts`. `write` appends one entry and is told whether it is
 * the first of a block.
 */
function inBlocks(entries: number, write: (data: Bytes, entry: number, opens: boolean) => void): Uint8Array {
  const data = new Bytes()
  const lengths = new Uint32Array(Math.ceil(entries / PER_BLOCK))
  for (let entry = 0; entry < entries; entry++) {
    const before = data.length
    write(data, entry, entry % PER_BLOCK === 0)
    const block = Math.floor(entry / PER_BLOCK)
    lengths[block] = lengths[block]! + data.length - before
  }
  return Buffer.concat([bytesOf(lengths), data.done()])
}

/** Front-coded strings; see `worker/catalog/strings.ts`. */
export function frontCoded(strings: readonly string[]): Uint8Array {
  let last: Uint8Array = new Uint8Array(0)
  return inBlocks(strings.length, (data, i, opens) => {
    const text = Buffer.from(strings[i]!)
    let shared = 0
    if (!opens) while (shared < text.length && shared < last.length && text[shared] === last[shared]) shared++
    const own = text.length - shared
    data.byte((Math.min(shared, 15) << 4) | Math.min(own, 15))
    if (shared >= 15) data.leb(shared - 15)
    if (own >= 15) data.leb(own - 15)
    data.append(text.subarray(shared))
    last = text
  })
}

export interface EncodedTable {
  lengths: Uint8Array
  weights: Uint8Array
  rows: Uint8Array
}

/** A neighbour table as its three sections. Entries of weight 0 are left out. */
export function encodeTable({ name, offsets, rows, weights }: NeighbourTable): EncodedTable {
  const n = offsets.length - 1
  const lengths = new Uint8Array(n)
  const kept = new Bytes()
  const coded = inBlocks(n, (data, row) => {
    let last = -1
    let length = 0
    for (let at = offsets[row]!; at < offsets[row + 1]!; at++) {
      const neighbour = rows[at]!
      if (weights[at] === 0) continue
      if (neighbour <= last || neighbour >= n) {
        throw new Error(
          `table ${name}, row ${row}: neighbour ${neighbour} after ${last} does not ascend within ${n} rows`,
        )
      }
      data.leb(neighbour - last)
      kept.byte(weights[at]!)
      last = neighbour
      length++
    }
    if (length > 255) throw new Error(`table ${name}, row ${row}: ${length} neighbours, at most 255 fit`)
    lengths[row] = length
  })
  return { lengths, weights: kept.done(), rows: coded }
}

const COUNTS = Array.from({ length: 256 }, (_, code) => countOf(code))

/** The code whose count is nearest; the lower one if two are equally near. */
export function popularityCode(count: number): number {
  let code = COUNTS.findLastIndex((value) => value <= count)
  if (code < 255 && COUNTS[code + 1]! - count < count - COUNTS[code]!) code++
  return code
}

/** The bytes of a typed array. Only little-endian hosts are supported. */
export function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
}

/** The distinct texts in order of first appearance, and for each row its index + 1, or 0 for no text. */
export function dictionary(values: readonly (string | undefined)[]): {
  codes: Uint8Array | Uint16Array | Uint32Array
  names: string[]
} {
  const places = new Map<string, number>()
  const all = values.map((value) => {
    if (!value) return 0
    if (!places.has(value)) places.set(value, places.size + 1)
    return places.get(value)!
  })
  const Codes = places.size < 2 ** 8 ? Uint8Array : places.size < 2 ** 16 ? Uint16Array : Uint32Array
  return { codes: Codes.from(all), names: [...places.keys()] }
}
