/** What a page downloads, raw and compressed as servers do. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

export interface FileSize {
  file: string
  what: string
  raw: number
  gzip: number
  brotli: number
}

const FILES: [file: string, what: string][] = [
  ['stub.js', 'snippet before the script tag'],
  ['index.js', 'npm entry'],
  ['nearside.js', 'script tag'],
  ['worker.js', 'the engine, in its worker'],
  ['inline.js', '`nearside/inline`: npm entry with the engine inside'],
]

/** Bytes at brotli's highest quality. */
export function brotli(bytes: Uint8Array): number {
  return brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  }).length
}

/** @param dist folder of the build */
export function sizes(dist: string): FileSize[] {
  return FILES.map(([file, what]) => {
    const path = join(dist, file)
    if (!existsSync(path)) throw new Error(`${path} is not there: run npm run build first`)
    const bytes = readFileSync(path)
    return {
      file,
      what,
      raw: bytes.length,
      gzip: gzipSync(bytes, { level: 9 }).length,
      brotli: brotli(bytes),
    }
  })
}
