/** The size of a pack: on disk, and as a download with either compression. */
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { constants, createBrotliCompress, gzip } from 'node:zlib'
import type { Section } from '../../../worker/pack/manifest.js'
import type { Pack } from '../../../worker/pack/pack.js'

/** Bytes uncompressed, and after gzip -9 and brotli -q 11. */
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
  /**
   * Brotli-11 bytes per item of the file with ids, vectors, biases and counts; neighbours and facts are not included.
   */
  bytesPerItem: number
  minSessions: number
}

/** Called with the number of bytes that have been compressed, and the total. */
export type OnWeighed = (done: number, total: number) => void

export interface WeighedSection extends Section {
  weight: Weight
}

const zip = promisify(gzip)

/** Bytes compressed between two calls of the progress callback. */
const PIECE = 1 << 18

/** Weighs a pack's files and manifest. Brotli-11 takes seconds per megabyte, so it reports its progress. */
export async function weighPack(
  pack: Pack,
  onProgress?: OnWeighed,
): Promise<{ figures: PackFigures; files: Map<string, Weight> }> {
  return figuresOf(pack, await weighAll(partsOf(pack), onProgress))
}

/** The same, and the weight of each section. */
export async function weighSections(
  pack: Pack,
  onProgress?: OnWeighed,
): Promise<{ figures: PackFigures; files: Map<string, Weight>; sections: WeighedSection[] }> {
  const parts = partsOf(pack)
  const { sections } = pack.manifest
  const weights = await weighAll(
    [...parts, ...sections.map(({ name }) => [name, pack.section(name).bytes] as const)],
    onProgress,
  )
  return {
    ...figuresOf(pack, weights.slice(0, parts.length)),
    sections: sections.map((section, s) => ({ ...section, weight: weights[parts.length + s]![1] })),
  }
}

type Part = readonly [name: string, bytes: Uint8Array]

function partsOf({ manifest, release, attached }: Pack): Part[] {
  const files = Object.entries(manifest.files).map(
    ([key, file]) => [key, attached.find((one) => one.file === file)!.bytes] as const,
  )
  return [['manifest', release.bytes], ...files]
}

async function weighAll(parts: readonly Part[], onProgress?: OnWeighed): Promise<[string, Weight][]> {
  const total = parts.reduce((sum, [, bytes]) => sum + bytes.length, 0)
  let done = 0
  const onPiece = (length: number) => {
    done += length
    onProgress?.(done, total)
  }
  return Promise.all(parts.map(async ([name, bytes]) => [name, await weigh(bytes, onPiece)]))
}

async function weigh(bytes: Uint8Array, onPiece: (length: number) => void): Promise<Weight> {
  const [zipped, small] = await Promise.all([zip(bytes, { level: 9 }), brotliSize(bytes, onPiece)])
  return { raw: bytes.length, gzip: zipped.length, brotli: small }
}

async function brotliSize(bytes: Uint8Array, onPiece: (length: number) => void): Promise<number> {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  }
  let size = 0
  await pipeline(
    function* () {
      for (let at = 0; at < bytes.length; at += PIECE) {
        const piece = bytes.subarray(at, at + PIECE)
        yield piece
        // The next piece was requested, so this one has been compressed.
        onPiece(piece.length)
      }
    },
    createBrotliCompress({ params }),
    async (compressed: AsyncIterable<Uint8Array>) => {
      for await (const chunk of compressed) size += chunk.length
    },
  )
  return size
}

function figuresOf({ manifest }: Pack, weights: readonly (readonly [string, Weight])[]) {
  const files = new Map(weights)
  const sum = (field: keyof Weight) => weights.reduce((total, [, weight]) => total + weight[field], 0)
  return {
    files,
    figures: {
      items: manifest.items,
      files: weights.length - 1,
      bytes: sum('raw'),
      wireBytes: sum('brotli'),
      wireBytesGzip: sum('gzip'),
      bytesPerItem: Number((files.get('items')!.brotli / manifest.items).toFixed(2)),
      minSessions: manifest.minSessions,
    },
  }
}
