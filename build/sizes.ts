/** What the files of `dist` may weigh, and how they are weighed. `npm test` and `npm run bench` both read this table. */
import { brotliCompressSync, constants } from 'node:zlib'

/** Bytes at brotli-11. `inline.js` holds the engine too and has no budget of its own. */
export const BUDGETS: Readonly<Record<string, number | null>> = {
  'stub.js': 400,
  'index.js': 7000,
  'nearside.js': 7000,
  'worker.js': 26_000,
  'inline.js': null,
}

/** Every other file of `dist` is an optional part, loaded only where a page wants it. */
const OPTIONAL_PART = 1500

/** @returns bytes, or null where a file has no budget */
export function budgetOf(file: string): number | null {
  const budget = BUDGETS[file]
  return budget === undefined ? OPTIONAL_PART : budget
}

/** Bytes at brotli's highest quality, as a server sends a file that it compressed ahead of time. */
export function brotli(bytes: Uint8Array): number {
  return brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  }).length
}
