/**
 * A manifest that came from outside, checked field by field before anything is fetched or believed. What comes out
 * holds only what this version knows, in objects made here: nothing of the input survives by reference.
 */
import { PackError, type PackErrorCode } from './errors.js'
import {
  FORMAT,
  FORMAT_VERSION,
  type Golden,
  type Lineage,
  type Manifest,
  type PackFile,
  type Section,
} from './manifest.js'
import { essential, mismatch } from './sections.js'

export const MAX_MANIFEST_BYTES = 64 * 1024
export const MAX_PACK_BYTES = 64 * 1024 * 1024
const ENCODER_KIND = 'attention'
/** Rows stay below 2^24, so that counts times dim stay integers everywhere. */
const MAX_ITEMS = 2 ** 24
const BYTES = { u8: 1, i8: 1, u16: 2, u32: 4, f32: 4 }

type Fields = Record<string, unknown>

function refuse(code: PackErrorCode, what: string): never {
  throw new PackError(code, `manifest.json: ${what}`)
}
/** Part of a message: what was there instead. */
function shown(value: unknown): string {
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : value ? 'an object' : 'null'
  return (JSON.stringify(value) ?? 'absent').slice(0, 60)
}
function wrong(at: string, value: unknown, expected: string): never {
  return refuse('malformed', `${at} is ${shown(value)}, expected ${expected}`)
}
function fields(value: unknown, at: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) wrong(at, value, 'an object')
  return value as Fields
}
function list(value: unknown, at: string, most: number): unknown[] {
  if (!Array.isArray(value) || value.length > most) wrong(at, value, `a list of at most ${most}`)
  return value as unknown[]
}
function number(value: unknown, at: string, least: number, most: number): number {
  if (typeof value !== 'number' || !(value >= least && value <= most)) {
    wrong(at, value, `a number from ${least} to ${most}`)
  }
  return value as number
}
function integer(value: unknown, at: string, least = 0, most = Number.MAX_SAFE_INTEGER): number {
  if (!Number.isInteger(value)) wrong(at, value, 'an integer')
  return number(value, at, least, most)
}
function text(value: unknown, at: string, pattern = /^.{0,200}$/s): string {
  if (typeof value !== 'string' || !pattern.test(value))
    wrong(at, value, `a text of the form ${pattern.source}`)
  return value as string
}
function flag(value: unknown, at: string): boolean {
  if (typeof value !== 'boolean') wrong(at, value, 'true or false')
  return value as boolean
}
function date(value: unknown, at: string): string {
  return text(value, at, /^\d{4}-\d\d-\d\d([T ][\d:.]+(Z|[+-]\d\d:\d\d)?)?$/)
}

/**
 * Reads a manifest.
 * @param bytes of the file, exactly as served or stored
 * @param maxPackBytes sum of the decoded files above which the pack is refused
 * @throws PackError
 */
export function parseManifest(bytes: Uint8Array, maxPackBytes = MAX_PACK_BYTES): Manifest {
  if (bytes.length > MAX_MANIFEST_BYTES) refuse('too-large', `more than ${MAX_MANIFEST_BYTES} bytes`)
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    const start = new TextDecoder().decode(bytes.subarray(0, 40))
    refuse('malformed', `not JSON, begins with ${shown(start)}`)
  }
  const m = fields(json, 'the whole')
  if (m.format !== FORMAT) wrong('format', m.format, `"${FORMAT}"`)
  if (integer(m.version, 'version', 1) > FORMAT_VERSION) {
    refuse(
      'version',
      `format version ${m.version} is newer than ${FORMAT_VERSION}; update nearside on the page`,
    )
  }
  const counts = {
    items: integer(m.items, 'items', 1, MAX_ITEMS),
    dim: integer(m.dim, 'dim', 1, 128),
    tables: list(m.tables, 'tables', 8).map((name, i) =>
      text(name, `tables[${i}]`, /^[a-z][a-z0-9-]{0,31}$/),
    ),
  }
  if (new Set(counts.tables).size < counts.tables.length) wrong('tables', m.tables, 'different names')
  const files = filesOf(m.files, maxPackBytes)
  const encoder = fields(m.encoder, 'encoder')
  if (text(encoder.kind, 'encoder.kind') !== ENCODER_KIND) {
    refuse(
      'unsupported',
      `encoder "${encoder.kind}" is not known here, only "${ENCODER_KIND}"; update nearside`,
    )
  }
  return {
    format: FORMAT,
    version: FORMAT_VERSION,
    sequence: integer(m.sequence, 'sequence', 1),
    created: date(m.created, 'created'),
    generator: text(m.generator, 'generator'),
    disabled: flag(m.disabled, 'disabled'),
    hostCompresses: flag(m.hostCompresses, 'hostCompresses'),
    ...counts,
    minSessions: integer(m.minSessions, 'minSessions', 1),
    encoder: {
      kind: ENCODER_KIND,
      window: integer(encoder.window, 'encoder.window', 1, 1000),
    },
    files,
    sections: sectionsOf(m.sections, files, counts),
    golden: list(m.golden, 'golden', 16).map((value, i) => goldenOf(value, `golden[${i}]`, counts.items)),
    lineage: lineageOf(m.lineage),
  }
}

function filesOf(value: unknown, maxPackBytes: number): Record<string, PackFile> {
  const files: Record<string, PackFile> = Object.create(null)
  let total = 0
  const entries = Object.entries(fields(value, 'files'))
  if (entries.length > 64) wrong('files', entries.length, 'at most 64')
  for (const [key, entry] of entries) {
    const at = `files.${key.slice(0, 40)}`
    text(key, at, /^[a-z][a-z0-9-]{0,31}$/)
    const f = fields(entry, at)
    const sha256 = text(f.sha256, `${at}.sha256`, /^[0-9a-f]{64}$/)
    // The name holds the hash: that is what makes a file immutable, and its name safe to share between packs.
    const name = text(f.name, `${at}.name`, /^[a-z0-9-]+\.[0-9a-f]{16}\.bin$/)
    if (name.split('.')[1] !== sha256.slice(0, 16)) wrong(`${at}.name`, name, 'the first 16 digits of sha256')
    const size = integer(f.size, `${at}.size`)
    total += size
    if (total > maxPackBytes) refuse('too-large', `files sum to more than ${maxPackBytes} bytes`)
    files[key] = { name, size, sha256, encodedSize: integer(f.encodedSize, `${at}.encodedSize`) }
  }
  return files
}

function sectionsOf(
  value: unknown,
  files: Record<string, PackFile>,
  counts: Pick<Manifest, 'items' | 'dim' | 'tables'>,
): Section[] {
  const sections = new Map<string, Section>()
  for (const [i, entry] of list(value, 'sections', 256).entries()) {
    const s = fields(entry, `sections[${i}]`)
    const name = text(s.name, `sections[${i}].name`, /^[\w.-]{1,80}$/)
    const at = `section ${name}`
    const required = flag(s.required, `${at}: required`)
    const section = {
      name,
      dtype: text(s.dtype, `${at}: dtype`),
      shape: list(s.shape, `${at}: shape`, 4).map((size) => integer(size, `${at}: shape`, 0, 2 ** 31)),
      encoding: text(s.encoding, `${at}: encoding`),
      file: text(s.file, `${at}: file`),
      offset: integer(s.offset, `${at}: offset`),
      length: integer(s.length, `${at}: length`),
      required,
      ...(s.scale === undefined ? {} : { scale: number(s.scale, `${at}: scale`, 1e-30, 1e30) }),
    } as Section
    const unknown = mismatch(section, counts)
    if (unknown.startsWith('unknown')) {
      // Made by a newer nearside. What is optional does without.
      if (!required) continue
      refuse('unsupported', `${at} is required, but this version does not know it (${unknown})`)
    }
    if (unknown) refuse('malformed', `${at}: ${unknown}`)
    if (sections.has(name)) refuse('malformed', `${at} is listed twice`)
    checkPlace(section, files)
    sections.set(name, section)
  }
  for (const name of essential(counts.tables)) {
    if (!sections.get(name)?.required)
      refuse('malformed', `section ${name} is missing or not marked required`)
  }
  return [...sections.values()]
}

/** A section must lie inside its file, on an 8-byte boundary, behind its tag, and be as long as its shape says. */
function checkPlace(
  { name, dtype, shape, encoding, file, offset, length }: Section,
  files: Manifest['files'],
) {
  const at = `section ${name}`
  const size = files[file]?.size
  if (size === undefined) return refuse('malformed', `${at}: no file "${file}"`)
  if (offset < 16 || offset % 8 !== 0) wrong(`${at}: offset`, offset, 'a multiple of 8, at least 16')
  if (offset + length > size) {
    refuse('malformed', `${at}: ends at ${offset + length}, file ${file} at ${size}`)
  }
  const count = shape.reduce((product, size) => product * size, 1)
  if (encoding === 'raw' || encoding === 'planar') {
    if (length !== count * BYTES[dtype]) wrong(`${at}: length`, length, `${count * BYTES[dtype]}`)
  } else if (count > length) {
    // Every string and every number takes at least one byte.
    wrong(`${at}: shape`, shape, `at most ${length} values`)
  }
}

function goldenOf(value: unknown, at: string, items: number): Golden {
  const g = fields(value, at)
  const rows = (field: string, most: number) =>
    list(g[field], `${at}.${field}`, most).map((row) => integer(row, `${at}.${field}`, 0, items - 1))
  const golden = {
    rows: rows('rows', 64),
    top: rows('top', 128),
    scores: list(g.scores, `${at}.scores`, 128).map((s) => integer(s, `${at}.scores`, -(2 ** 31), 2 ** 31)),
  }
  if (golden.top.length !== golden.scores.length) refuse('malformed', `${at}: not as many scores as rows`)
  return golden
}

function lineageOf(value: unknown): Lineage {
  const l = fields(value, 'lineage')
  const validation: Record<string, number> = Object.create(null)
  for (const [name, figure] of Object.entries(fields(l.validation, 'lineage.validation')).slice(0, 64)) {
    validation[name] = number(figure, `lineage.validation`, -1e12, 1e12)
  }
  return {
    events: integer(l.events, 'lineage.events'),
    sessions: integer(l.sessions, 'lineage.sessions'),
    items: integer(l.items, 'lineage.items'),
    from: l.from === null ? null : date(l.from, 'lineage.from'),
    to: l.to === null ? null : date(l.to, 'lineage.to'),
    time: text(l.time, 'lineage.time', /^(real|day|order)$/) as Lineage['time'],
    seed: integer(l.seed, 'lineage.seed'),
    parent: l.parent === null ? null : integer(l.parent, 'lineage.parent'),
    validation,
  }
}
