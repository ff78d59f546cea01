/** The size budgets of the files in `dist`, and how sizes are measured. `npm test` and `npm run bench` both use this table. */
import { brotliCompressSync, constants } from 'node:zlib'

/** Bytes at brotli-11. `inline.js` holds the engine too and has no budget of its own. */
export const BUDGETS: Readonly<Record<string, number | null>> = {
  'stub.js': 400,
  'index.js': 7000,
  'nearside.js': 7000,
  'worker.js': 26_000,
  // Parts of the engine: before the first look of a visit; with a live file; where the shop sets how lists are made.
  'asked.js': 1500,
  'live.js': 5200,
  'shape.js': 9000,
  'inline.js': null,
}

/** Every other file of `dist` is an optional part. It is loaded only on pages that use it. */
const OPTIONAL_PART = 1500

/** @returns bytes, or null if the file has no budget */
export function budgetOf(file: string): number | null {
  const budget = BUDGETS[file]
  return budget === undefined ? OPTIONAL_PART : budget
}

/** Bytes at brotli's highest quality, the size that a server sends if it has compressed the file in advance. */
export function brotli(bytes: Uint8Array): number {
  return brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  }).length
}
