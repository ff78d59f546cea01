/**
 * A pack in memory: a verified manifest, and typed views of the sections of the files loaded so far. Raw sections are not
 * copied. Files with only optional sections (facts) may be attached after the first ranking.
 */
import { PackError } from './errors.js'
import type { Dtype, Encoding, Manifest, PackFile, Section } from './manifest.js'
import { tagOf } from './sections.js'

/** A manifest that has been verified. */
export interface Release {
  manifest: Manifest
  /** The exact bytes of `manifest.json`. */
  bytes: Uint8Array
  /** SHA-256 of these bytes, hex. */
  hash: string
  /** Whether it is signed with the shop's configured key; false if no key is configured. */
  signed: boolean
}

/** How the values of each dtype are read. */
export const VIEWS = { u8: Uint8Array, i8: Int8Array, u16: Uint16Array, u32: Uint32Array, f32: Float32Array }
type Views = { [D in Dtype]: InstanceType<(typeof VIEWS)[D]> }

/** Every file begins with these bytes. The tag and the length of its first section follow. */
export const MAGIC = 'nearside'

export interface Pack {
  readonly manifest: Manifest
  readonly release: Release
  /** The files attached. */
  readonly attached: { file: PackFile; bytes: Uint8Array }[]
  /** Decoded bytes of the attached files. */
  readonly bytes: number
  /** Whether the manifest is signed with the shop's configured key. */
  readonly signed: boolean
  /**
   * Adds a file whose size and hash have been verified.
   * @param key in `manifest.files`
   * @throws PackError if its sections are not where the manifest says
   */
  attach(key: string, bytes: Uint8Array): void
  /** Keys of files that are not attached yet: those that ranking needs if `required`, else the optional ones. */
  missing(required: boolean): string[]
  /** Whether the pack has this section and its file is attached. */
  has(name: string): boolean
  /**
   * Returns a section's description and its bytes as stored.
   * @param expected the encoding that the reader understands; without it, any
   * @throws PackError
   */
  section(name: string, expected?: Encoding): { section: Section; bytes: Uint8Array }
  /**
   * Returns a raw section, row-major: a view if the bytes are aligned, else a copy.
   * @param dtypes that the reader understands
   * @param shape that the section must have; -1 stands for any size
   * @throws PackError
   */
  array<D extends Dtype>(name: string, dtypes: D | D[], ...shape: number[]): Views[D]
}

export function createPack(release: Release): Pack {
  const { manifest, signed } = release
  const { files, sections } = manifest
  const contents = new Map<string, Uint8Array>()
  const used = new Set(sections.map(({ file }) => file))
  const needed = new Set(sections.map(({ file, required }) => required && file))

  const attached = () => Array.from(contents, ([key, bytes]) => ({ file: files[key]!, bytes }))
  const find = (name: string) => sections.find((section) => section.name === name)

  const pack: Pack = {
    manifest,
    release,
    signed,
    get attached() {
      return attached()
    },
    get bytes() {
      return attached().reduce((sum, { bytes }) => sum + bytes.length, 0)
    },
    attach(key, bytes) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
      const refuse = (what: string): never => {
        throw new PackError('malformed', `${files[key]!.name}: ${what}`)
      }
      if (String.fromCharCode(...bytes.subarray(0, 8)) !== MAGIC) refuse('not a file of a pack')
      for (const section of sections) {
        const { file, name, offset, length } = section
        if (file !== key) continue
        const whole = offset + length <= bytes.length
        if (
          !whole ||
          view.getUint32(offset - 8, true) !== tagOf(section) ||
          view.getUint32(offset - 4, true) !== length
        ) {
          refuse(`section ${name} is not at ${offset}, where the manifest says`)
        }
      }
      contents.set(key, bytes)
    },
    missing: (required) => [...used].filter((key) => needed.has(key) === required && !contents.has(key)),
    has: (name) => contents.has(find(name)?.file ?? ''),
    section(name, expected) {
      const section = find(name)
      const bytes = section && contents.get(section.file)
      if (!bytes) throw new PackError('malformed', `section ${name} is missing`)
      const { encoding, offset, length } = section
      if (encoding !== (expected ?? encoding)) {
        throw new PackError('unsupported', `section ${name}: encoding ${encoding}, expected ${expected}`)
      }
      return { section, bytes: bytes.subarray(offset, offset + length) }
    },
    array<D extends Dtype>(name: string, dtypes: D | D[], ...shape: number[]) {
      const { section, bytes } = pack.section(name, 'raw')
      const { dtype } = section
      const fits =
        section.shape.length === shape.length && shape.every((n, i) => n < 0 || n === section.shape[i])
      if (!fits || !dtypes.includes(dtype as D)) {
        throw new PackError(
          'malformed',
          `section ${name}: ${dtype} [${section.shape}], expected ${dtypes} [${shape}]`,
        )
      }
      const View = VIEWS[dtype]
      const size = View.BYTES_PER_ELEMENT
      const { buffer, byteOffset, length } = bytes.byteOffset % size === 0 ? bytes : bytes.slice()
      return new View(buffer as ArrayBuffer, byteOffset, length / size) as Views[D]
    },
  }
  return pack
}
