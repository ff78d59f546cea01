/** Writes a pack: its sections, files named by their content, and a manifest. */
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { MOST_COLUMNS } from '../../../worker/catalog/facts.js'
import {
  FORMAT,
  FORMAT_VERSION,
  type PackFile,
  type Section,
  type WrittenManifest,
} from '../../../worker/pack/manifest.js'
import { createPack, MAGIC } from '../../../worker/pack/pack.js'
import { tagOf } from '../../../worker/pack/sections.js'
import { VERSION } from '../../../worker/version.js'
import { KINDS } from '../encoders/kinds.js'
import { compareIds, type PackContent } from './content.js'
import { publish, readManifest, timestamp } from './folder.js'
import { goldenOf } from './golden.js'
import { type Part, partsOf } from './sections.js'

export interface WriteOptions {
  /**
   * The sequence of a folder's first pack, if it is not 1. Browsers never go back to a lower sequence. A shop that
   * trains into an empty folder each time therefore needs a number that always grows, such as the seconds since 1970.
   */
  firstSequence?: number
  /** Whether the host compresses `.bin` files itself (Content-Encoding). If not, browsers load the `.bin.gz` files. */
  hostCompresses?: boolean
  /** Strengths of signals that differ from the usual ones. Pages use them unless they say others. */
  strengths?: Record<string, number>
  /** The strength that `variety: true` means, where training could find out. */
  variety?: number | undefined
}

/**
 * Writes a pack into a folder. Readers see the old pack or the new one, nothing between.
 * @returns the manifest that was written
 * @throws when the content is inconsistent, or the folder contains something other than a pack
 */
export function writePack(content: PackContent, folder: string, options: WriteOptions = {}): WrittenManifest {
  check(content)
  const parent = readManifest(folder)?.manifest
  const files: Record<string, PackFile> = {}
  const sections: Section[] = []
  const decoded = new Map<string, Uint8Array>()
  const onDisk = new Map<string, Uint8Array>()
  for (const [key, parts] of Object.entries(partsOf(content))) {
    if (parts.length === 0) continue
    const bytes = assemble(key, parts, sections)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const name = `${key}.${sha256.slice(0, 16)}.bin`
    const zipped = gzip(bytes)
    files[key] = { name, size: bytes.length, sha256, encodedSize: zipped.length }
    decoded.set(key, bytes)
    onDisk.set(name, bytes).set(`${name}.gz`, zipped)
  }
  const manifest: WrittenManifest = {
    format: FORMAT,
    version: FORMAT_VERSION,
    sequence: Math.max((parent?.sequence ?? 0) + 1, options.firstSequence ?? 1),
    created: timestamp(),
    generator: `@nearside/train ${VERSION}`,
    disabled: false,
    hostCompresses: options.hostCompresses ?? parent?.hostCompresses ?? false,
    dim: content.dim,
    items: content.ids.length,
    minSessions: content.minSessions,
    encoder: { kind: content.encoder.kind, window: content.encoder.window },
    tables: content.tables.map(({ name }) => name),
    files,
    sections,
    golden: [],
    ...(options.strengths && { strengths: options.strengths }),
    ...(options.variety && { variety: options.variety }),
    lineage: content.lineage,
  }
  const pack = createPack({ manifest, bytes: new Uint8Array(0), hash: '', signed: false })
  for (const [key, bytes] of decoded) pack.attach(key, bytes)
  manifest.golden = goldenOf(pack)
  publish(folder, manifest, onDisk)
  return manifest
}

/** Builds a file: the magic bytes, then each section on an 8-byte boundary after its tag and length. */
function assemble(key: string, parts: Part[], sections: Section[]): Uint8Array {
  const padded = (length: number) => Math.ceil(length / 8) * 8
  const file = new Uint8Array(parts.reduce((sum, part) => sum + 8 + padded(part.bytes.length), MAGIC.length))
  const view = new DataView(file.buffer)
  file.set(Buffer.from(MAGIC))
  let at = MAGIC.length
  for (const { bytes, scale, ...description } of parts) {
    const section: Section = {
      ...description,
      file: key,
      offset: at + 8,
      length: bytes.length,
      ...(scale === undefined ? {} : { scale }),
    }
    view.setUint32(at, tagOf(section), true)
    view.setUint32(at + 4, bytes.length, true)
    file.set(bytes, at + 8)
    sections.push(section)
    at += 8 + padded(bytes.length)
  }
  return file
}

/** Byte 9 is the operating system; 255 (unknown) gives the same bytes on all systems. */
function gzip(bytes: Uint8Array): Uint8Array {
  const zipped = gzipSync(bytes, { level: 9 })
  zipped[9] = 255
  return zipped
}

function check(content: PackContent): void {
  const { ids, dim, codes, bias, popularity, tables, facts, encoder, blend } = content
  const n = ids.length
  const need = (holds: boolean, what: string) => {
    if (!holds) throw new Error(`pack content: ${what}`)
  }
  need(n > 0, 'no items')
  for (let i = 0; i < n; i++) {
    need(ids[i] !== '' && !/\p{Surrogate}/u.test(ids[i]!), `id ${i} is ${JSON.stringify(ids[i])}`)
    need(i === 0 || compareIds(ids[i - 1]!, ids[i]!) < 0, `ids ${i - 1} and ${i} do not ascend in byte order`)
  }
  need(codes.length === n * dim, `${codes.length} codes, expected ${n} * ${dim}`)
  need(bias.length === n, `${bias.length} biases, expected ${n}`)
  need(popularity.length === n, `${popularity.length} popularity counts, expected ${n}`)
  for (const [name, { values, shape }] of Object.entries(KINDS[encoder.kind].sections(encoder))) {
    const size = shape.reduce((product, side) => product * side, 1)
    need(values.length === size, `encoder.${name}: ${values.length} values, expected ${shape.join(' * ')}`)
  }
  for (const { name, offsets } of tables) {
    need(offsets.length === n + 1, `table ${name}: ${offsets.length} offsets, expected ${n + 1}`)
  }
  for (const bucket of blend.buckets) {
    need(
      bucket.table.length === tables.length,
      `${bucket.table.length} table weights, expected ${tables.length}`,
    )
  }
  const { attributes = new Map<string, readonly unknown[]>(), ...columns } = facts ?? {}
  need(attributes.size <= MOST_COLUMNS, `${attributes.size} further columns, at most ${MOST_COLUMNS}`)
  for (const [field, column] of [...Object.entries(columns), ...attributes]) {
    need(column.length === n, `facts.${field}: ${column.length} values, expected ${n}`)
  }
}
