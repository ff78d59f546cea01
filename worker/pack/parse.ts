/**
 * Checks a manifest from outside, field by field, before anything in it is used. The result is a copy with only the fields
 * that this version knows.
 */
import { PackError, type PackErrorCode } from './errors.js'
import { FORMAT_VERSION, type Manifest, type PackFile, type Section } from './manifest.js'
import { VIEWS } from './pack.js'
import { known } from './sections.js'

export const MAX_MANIFEST_BYTES = 64 * 1024
export const MAX_PACK_BYTES = 64 * 1024 * 1024

const ENCODINGS = /^(raw|front-coded|varint-delta)$/
const KINDS = /^(attention|gru|mixed)$/

/**
 * What a value must be: a text of this form, an integer from the first to the second number, a value of this type, an object
 * with these fields, or a value that a function accepts and returns.
 */
type Rule =
  | RegExp
  | readonly [number, number]
  | 'boolean'
  | 'number'
  | 'string'
  | { readonly [field: string]: Rule }
  | ((value: unknown, at: string) => unknown)

const COUNT = [0, Number.MAX_SAFE_INTEGER] as const
const POSITIVE = [1, Number.MAX_SAFE_INTEGER] as const

/** Fields are checked in this order. The version comes before anything that a newer version may have changed. */
const MANIFEST = {
  format: /^nearside-pack$/,
  version(value: unknown, at: string) {
    checked(value, POSITIVE, at)
    return (value as number) > FORMAT_VERSION
      ? refuse(`format version ${value} is newer than ${FORMAT_VERSION}; update nearside`, 'version')
      : value
  },
  sequence: POSITIVE,
  created: 'string',
  generator: 'string',
  disabled: 'boolean',
  hostCompresses: 'boolean',
  dim: [1, 128],
  items: [1, 2 ** 24],
  minSessions: POSITIVE,
  encoder: { kind: 'string', window: [1, 1000] },
  tables: list(8, /^[a-z][a-z0-9-]*$/),
  files: record({
    // The name contains the hash, so a file never changes, and packs can share files of the same name.
    name: /^[a-z0-9-]+\.[0-9a-f]{16}\.bin$/,
    size: COUNT,
    sha256: 'string',
    encodedSize: COUNT,
  }),
  sections: list(256, {
    name: 'string',
    dtype: 'string',
    shape: list(4, [0, 2 ** 31]),
    encoding: 'string',
    file: 'string',
    offset: COUNT,
    length: COUNT,
    required: 'boolean',
    scale: optional('number'),
  }),
  golden: list(16, {
    rows: list(64, COUNT),
    top: list(128, COUNT),
    scores: list(128, 'number'),
  }),
  strengths: optional(record('number')),
  variety: optional('number'),
} as const satisfies Rule

/**
 * Reads a manifest.
 * @param bytes of the file, exactly as served or stored
 * @param maxPackBytes a pack is refused if its decoded files are larger in total
 * @throws PackError
 */
export function parseManifest(bytes: Uint8Array, maxPackBytes = MAX_PACK_BYTES): Manifest {
  if (bytes.length > MAX_MANIFEST_BYTES) refuse(`more than ${MAX_MANIFEST_BYTES} bytes`, 'too-large')
  const text = new TextDecoder().decode(bytes)
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    refuse(`not JSON, begins with ${shown(text)}`)
  }
  const manifest = checked(json, MANIFEST, '') as Manifest
  const { kind } = manifest.encoder
  if (!KINDS.test(kind)) refuse(`encoder "${kind}" is not known; update nearside`, 'unsupported')
  checkFiles(Object.values(manifest.files), maxPackBytes)
  manifest.sections = chosen(manifest)
  return manifest
}

function checkFiles(files: PackFile[], maxPackBytes: number): void {
  let total = 0
  for (const { name, size, sha256 } of files) {
    if (name.split('.')[1] !== sha256.slice(0, 16)) refuse(`${name} is not named by its sha256`)
    total += size
  }
  if (total > maxPackBytes) refuse(`files of ${total} bytes, at most ${maxPackBytes} allowed`, 'too-large')
}

/** The sections that this version knows. Each must be inside its file. */
function chosen({ sections, files, tables }: Manifest): Section[] {
  const found = new Map<string, Section>()
  const names = known(tables)
  for (const section of sections) {
    const { name, dtype, shape, encoding, file, offset, length, required } = section
    const width = VIEWS[dtype]?.BYTES_PER_ELEMENT
    if (!names.test(name) || !width || !ENCODINGS.test(encoding)) {
      // The section comes from a newer nearside. It is left out if it is optional.
      if (!required) continue
      refuse(
        `section ${name} (${dtype}, ${encoding}) is required but not known; update nearside`,
        'unsupported',
      )
    }
    const count = shape.reduce((product, size) => product * size, 1)
    const bytes = encoding === 'raw' ? count * width : length
    // Every string and every varint takes at least one byte. The 8 bytes before a section hold its tag and length.
    const lies =
      offset % 8 === 0 && offset >= 16 && offset + length <= (files[file]?.size ?? 0) && length === bytes
    if (!lies || count > length) {
      refuse(`section ${name}: ${length} bytes at ${offset} of file ${file} cannot be ${dtype} [${shape}]`)
    }
    if (found.has(name)) refuse(`section ${name} is listed twice`)
    found.set(name, section)
  }
  return [...found.values()]
}

function list(most: number, rule: Rule): Rule {
  return (value, at) => {
    if (!Array.isArray(value) || value.length > most) wrong(at, value, `a list of at most ${most}`)
    // In messages, a section has its name and not its number.
    return (value as { name?: unknown }[]).map((entry, i) =>
      checked(entry, rule, `${at}[${entry?.name ?? i}]`),
    )
  }
}

function optional(rule: Rule): Rule {
  return (value, at) => (value == null ? value : checked(value, rule, at))
}

/** A rule for an object with any keys. */
function record(rule: Rule): Rule {
  return (value, at) =>
    checked(value, Object.fromEntries(Object.keys(Object(value)).map((key) => [key, rule])), at)
}

/** A copy of the value, if it follows the rule. */
function checked(value: unknown, rule: Rule, at: string): unknown {
  if (typeof rule === 'function') return rule(value, at)
  if (rule instanceof RegExp) {
    if (typeof value !== 'string' || !rule.test(value)) wrong(at, value, rule.source)
  } else if (Array.isArray(rule)) {
    const [least, most] = rule as [number, number]
    if (!Number.isInteger(value) || !((value as number) >= least && (value as number) <= most)) {
      wrong(at, value, `an integer from ${least} to ${most}`)
    }
  } else if (typeof rule === 'string') {
    if (typeof value !== rule) wrong(at, value, `a ${rule}`)
  } else {
    if (value?.constructor !== Object) wrong(at, value, 'an object')
    const path = at && `${at}.`
    // The copy has no prototype, so no key has a special meaning.
    const copy = Object.create(null)
    for (const [field, inner] of Object.entries(rule)) {
      copy[field] = checked((value as Record<string, unknown>)[field], inner, path + field)
    }
    return copy
  }
  return value
}

function refuse(what: string, code: PackErrorCode = 'malformed'): never {
  throw new PackError(code, `manifest.json: ${what}`)
}

function wrong(at: string, value: unknown, expected: string): never {
  return refuse(`${at || 'the whole'} is ${shown(value)}, expected ${expected}`)
}

/** The text of a wrong value, for a message. */
function shown(value: unknown): string {
  if (typeof value === 'object') return value ? 'an object or list' : 'null'
  return (JSON.stringify(value) ?? 'absent').slice(0, 40)
}
