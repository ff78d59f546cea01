/** The encodings of docs/pack.md, each the inverse of its reader in `worker/catalog/`. */
import { LISTS_PER_BLOCK } from '../../../worker/catalog/neighbours.js'
import { countOf } from '../../../worker/catalog/popularity.js'
import { STRINGS_PER_BLOCK } from '../../../worker/catalog/strings.js'
import { Bytes } from './bytes.js'
import type { NeighbourTable } from './content.js'

/** Front-coded strings; see `worker/catalog/strings.ts` for the layout. */
export function frontCoded(strings: readonly string[]): Uint8Array {
  const data = new Bytes()
  const lengths = new Uint32Array(Math.ceil(strings.length / STRINGS_PER_BLOCK))
  let before: Uint8Array = new Uint8Array(0)
  let blockStart = 0
  for (let i = 0; i < strings.length; i++) {
    const text = Buffer.from(strings[i]!)
    let shared = 0
    if (i % STRINGS_PER_BLOCK !== 0) {
      while (shared < text.length && shared < before.length && text[shared] === before[shared]) shared++
    }
    const own = text.length - shared
    data.byte((Math.min(shared, 15) << 4) | Math.min(own, 15))
    if (shared >= 15) data.leb(shared - 15)
    if (own >= 15) data.leb(own - 15)
    data.append(text.subarray(shared))
    before = text
    if (i % STRINGS_PER_BLOCK === STRINGS_PER_BLOCK - 1 || i === strings.length - 1) {
      lengths[Math.floor(i / STRINGS_PER_BLOCK)] = data.length - blockStart
      blockStart = data.length
    }
  }
  return Buffer.concat([bytesOf(lengths), data.done()])
}

export interface EncodedTable {
  lengths: Uint8Array
  weights: Uint8Array
  rows: Uint8Array
  blocks: Uint32Array
}

/** A neighbour table in its four sections; entries of weight 0 are left out. */
export function encodeTable({ name, offsets, rows, weights }: NeighbourTable): EncodedTable {
  const n = offsets.length - 1
  const lengths = new Uint8Array(n)
  const blocks = new Uint32Array(Math.ceil(n / LISTS_PER_BLOCK))
  const data = new Bytes()
  const kept = new Bytes()
  for (let row = 0; row < n; row++) {
    const start = data.length
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
    const block = Math.floor(row / LISTS_PER_BLOCK)
    blocks[block] = blocks[block]! + data.length - start
  }
  return { lengths, weights: kept.done(), rows: data.done(), blocks }
}

/** Row-major to one plane a column. */
export function planar(values: Int8Array, rows: number, columns: number): Int8Array {
  const planes = new Int8Array(values.length)
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) planes[c * rows + r] = values[r * columns + c]!
  }
  return planes
}

const COUNTS = Array.from({ length: 256 }, (_, code) => countOf(code))

/** The code whose count is nearest, the lower one of two equally near. */
export function popularityCode(count: number): number {
  let code = COUNTS.findLastIndex((value) => value <= count)
  if (code < 255 && COUNTS[code + 1]! - count < count - COUNTS[code]!) code++
  return code
}

/** The bytes of a typed array; hosts that are not little-endian are not supported. */
export function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
}

/** Distinct texts in order of first appearance, and each row's index + 1; 0 for none. */
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
