/** The scorer in WASM SIMD: the catalogue's codes are copied into its memory once, and stay there. */
import { text } from './assembly/index.wasm'
import { EXCLUDED, MAX_K, NEVER, type Scorer } from './scorer.js'

type Scan = (
  codes: number,
  bias: number,
  n: number,
  dim: number,
  query: number,
  multiplier: number,
  places: number,
  count: number,
) => void

interface Exports {
  memory: WebAssembly.Memory
  topK: Scan
  score: Scan
}

const PAGE = 65536

/**
 * @param codes Int8Array of n*dim, row-major
 * @param bias Int8Array of n
 * @throws {Error} where WebAssembly or SIMD is missing, or the page's CSP allows no compilation, or memory is short
 */
export async function openWasm(codes: Int8Array, bias: Int8Array, dim: number): Promise<Scorer> {
  const binary = Uint8Array.from(text, (character) => character.charCodeAt(0) - 93)
  const { instance } = await WebAssembly.instantiate(binary)
  const { memory, topK, score } = instance.exports as unknown as Exports

  // Query (padded to 16 values), room for MAX_K keys, codes and bias of a multiple of four rows; see assembly/index.ts.
  const n = bias.length
  const padded = Math.ceil(n / 4) * 4
  const places = 2 * Math.ceil(dim / 16) * 16
  const codesAt = places + 8 * MAX_K + 16
  const biasAt = codesAt + padded * dim + 16
  memory.grow(Math.ceil((biasAt + padded) / PAGE))
  const { buffer } = memory
  const query = new Int16Array(buffer, 0, dim)
  const words = new Uint32Array(buffer, places, 2 * MAX_K)
  const kept = new Int8Array(buffer, codesAt, n * dim)
  kept.set(codes)
  new Int8Array(buffer, biasAt, padded).fill(EXCLUDED).set(bias)

  return {
    backend: 'wasm',
    codes: kept,
    topK(q, biasMultiplier, k) {
      const count = Math.min(k, n)
      if (count > MAX_K) throw new RangeError(`top ${k} asked for, at most ${MAX_K} are possible`)
      let found = 0
      if (count > 0) {
        query.set(q)
        topK(codesAt, biasAt, n, dim, 0, biasMultiplier, places, count)
        while (found < count && (words[2 * found + 1]! | 0) !== NEVER) found++
      }
      return {
        rows: Uint32Array.from({ length: found }, (_, i) => ~words[2 * i]!),
        scores: Int32Array.from({ length: found }, (_, i) => words[2 * i + 1]!),
      }
    },
    score(q, biasMultiplier, rows) {
      query.set(q)
      const scores = new Int32Array(rows.length)
      for (let from = 0; from < rows.length; from += words.length) {
        const part = rows.subarray(from, from + words.length)
        words.set(part)
        score(codesAt, biasAt, n, dim, 0, biasMultiplier, places, part.length)
        scores.set(words.subarray(0, part.length), from)
      }
      return scores
    },
  }
}
