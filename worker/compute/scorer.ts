/**
 * The contract of the integer scan, which `wasm.ts` and `js.ts` fulfil with identical results.
 *
 * score(row) = sum_d codes[row, d] * query[d] + bias[row] * biasMultiplier, a 32-bit integer that cannot overflow:
 * dim <= 128 gives at most 128 * 127 * 32767 < 2^29 for the sum, and |biasMultiplier| <= MAX_BIAS_MULTIPLIER.
 * Rows with bias EXCLUDED are never retrieved and score NEVER.
 */

/** Bias code of a row that no scan may return (rare items, items that are not available). */
export const EXCLUDED = -128
export const NEVER = -(2 ** 31)
export const MAX_BIAS_MULTIPLIER = 2 ** 23
/** How many rows one `topK` may be asked for. */
export const MAX_K = 4096

export interface TopK {
  /** By falling score; equal scores by rising row. Fewer than k where fewer rows qualify. */
  rows: Uint32Array
  scores: Int32Array
}

export interface Scorer {
  readonly backend: 'wasm' | 'js'
  /** The catalogue's codes, Int8Array of n*dim, where the scorer keeps them (WASM memory). Read only. */
  readonly codes: Int8Array
  /** The k best rows of the whole catalogue. `query` has `dim` values. @throws {RangeError} for more than MAX_K */
  topK(query: Int16Array, biasMultiplier: number, k: number): TopK
  /** Scores of the given rows, in their order; NEVER for a row beyond the catalogue. */
  score(query: Int16Array, biasMultiplier: number, rows: Uint32Array): Int32Array
}
