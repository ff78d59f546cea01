/** What a pack weighs: on disk, and on the wire with either compression. */
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Pack } from '../../../worker/pack/pack.js'

/** Bytes as they are, and after gzip -9 and brotli -q 11. */
export interface Weight {
  raw: number
  gzip: number
  brotli: number
}

/** The `pack` figures of `nearside evaluate --json`. */
export interface PackFigures {
  items: number
  files: number
  bytes: number
  wireBytes: number
  wireBytesGzip: number
  /** Of the file with ids, vectors, biases and counts at brotli-11; neighbours and facts are not in it. */
  bytesPerItem: number
  minSessions: number
}

const zip = promisify(gzip)
const brotli = promisify(brotliCompress)

export async function weigh(bytes: Uint8Array): Promise<Weight> {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  }
  const [zipped, small] = await Promise.all([zip(bytes, { level: 9 }), brotli(bytes, { params })])
  return { raw: bytes.length, gzip: zipped.length, brotli: small.length }
}

/** Weighs a pack's files and manifest; some seconds a megabyte, for brotli-11 is slow. */
export async function weighPack(pack: Pack): Promise<{ figures: PackFigures; files: Map<string, Weight> }> {
  const { manifest, release } = pack
  const entries = Object.entries(manifest.files).map(
    ([key, file]) => [key, pack.attached.find((one) => one.file === file)!.bytes] as const,
  )
  const weights = await Promise.all(
    [['manifest', release.bytes] as const, ...entries].map(
      async ([key, bytes]) => [key, await weigh(bytes)] as const,
    ),
  )
  const files = new Map(weights)
  const sum = (field: keyof Weight) => weights.reduce((total, [, weight]) => total + weight[field], 0)
  return {
    files,
    figures: {
      items: manifest.items,
      files: entries.length,
      bytes: sum('raw'),
      wireBytes: sum('brotli'),
      wireBytesGzip: sum('gzip'),
      bytesPerItem: Number((files.get('items')!.brotli / manifest.items).toFixed(2)),
      minSessions: manifest.minSessions,
    },
  }
}
