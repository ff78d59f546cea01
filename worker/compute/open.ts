/** Chooses the backend of the integer scan: WASM SIMD where it runs, else plain JavaScript with the same results. */
import type { Backend } from '../protocol.js'
import { openJs } from './js.js'
import type { Scorer } from './scorer.js'
import { openWasm } from './wasm.js'

/**
 * @param codes Int8Array of n*dim, row-major. WASM copies it: use the scorer's `codes` afterwards and let go of these.
 * @param bias Int8Array of n; EXCLUDED marks rows that are never retrieved
 * @param dim at most 128
 * @param backend `'auto'` takes JavaScript when WASM SIMD cannot be had; `'wasm'` throws then
 */
export async function openScorer(
  codes: Int8Array,
  bias: Int8Array,
  dim: number,
  backend: Backend,
): Promise<Scorer> {
  if (dim > 128 || codes.length !== bias.length * dim) {
    throw new RangeError(`${bias.length} rows of ${dim} (at most 128) expected, got ${codes.length} codes`)
  }
  if (backend !== 'js') {
    try {
      return await openWasm(codes, bias, dim)
    } catch (cause) {
      if (backend === 'wasm')
        throw new Error(`WASM SIMD cannot be had here (${cause}): use backend 'auto'`, { cause })
    }
  }
  return openJs(codes, bias, dim)
}
