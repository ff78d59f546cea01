/**
 * A pack in memory: a verified manifest and the files loaded so far, as typed views of their sections. Raw sections
 * are not copied. Files of optional sections (facts) may be attached later than the first ranking.
 */
import { PackError } from './errors.js'
import type { Dtype, Encoding, Manifest, PackFile, Section } from './manifest.js'
import { tagOf } from './sections.js'

/** A manifest whose bytes have been checked, and what was found. */
export interface Release {
  manifest: Manifest
  /** Of `manifest.json`, exactly. */
  bytes: Uint8Array
  /** SHA-256 of those, hex. */
  hash: string
  /** Signed with the key that the shop configured; false where none is configured. */
  signed: boolean
}

const VIEWS = { u8: Uint8Array, i8: Int8Array, u16: Uint16Array, u32: Uint32Array, f32: Float32Array }
type Views = { [D in Dtype]: InstanceType<(typeof VIEWS)[D]> }

/** Every file begins with these bytes; the tag and the length of its first section follow. */
export const MAGIC = 'nearside'

export class Pack {
  readonly manifest: Manifest
  readonly #files = new Map<string, Uint8Array>()

  constructor(readonly release: Release) {
    this.manifest = release.manifest
  }

  /**
   * Adds a file whose size and hash have been verified.
   * @param key in `manifest.files`
   * @throws PackError when its sections are not where the manifest says
   */
  attach(key: string, bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    const refuse = (what: string): never => {
      throw new PackError('malformed', `${this.manifest.files[key]!.name}: ${what}`)
    }
    if (String.fromCharCode(...bytes.subarray(0, 8)) !== MAGIC) refuse('not a file of a pack')
    for (const section of this.manifest.sections) {
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
    this.#files.set(key, bytes)
  }

  /** Keys of the files that are not attached: those that the pack cannot serve without, or the others. */
  missing(required: boolean): string[] {
    const { files, sections } = this.manifest
    return Object.keys(files).filter((key) => {
      const inside = sections.filter((section) => section.file === key)
      return (
        inside.length > 0 && inside.some((section) => section.required) === required && !this.#files.has(key)
      )
    })
  }

  /** The bytes of a file, if it is attached. */
  file(key: string): Uint8Array | undefined {
    return this.#files.get(key)
  }

  /** The files attached. */
  get attached(): { file: PackFile; bytes: Uint8Array }[] {
    return [...this.#files].map(([key, bytes]) => ({ file: this.manifest.files[key]!, bytes }))
  }

  /** Decoded bytes of the files attached. */
  get bytes(): number {
    return this.attached.reduce((sum, { bytes }) => sum + bytes.length, 0)
  }

  /** Whether the shop's configured key vouches for it. */
  get signed(): boolean {
    return this.release.signed
  }

  /** Whether the pack has this section and its file is attached. */
  has(name: string): boolean {
    return this.manifest.sections.some((section) => section.name === name && this.#files.has(section.file))
  }

  /**
   * A section's description and its bytes as stored.
   * @param expected the encoding that the reader understands; any if none is named
   * @throws PackError
   */
  section(name: string, expected?: Encoding): { section: Section; bytes: Uint8Array } {
    const section = this.manifest.sections.find((one) => one.name === name)
    const file = section && this.#files.get(section.file)
    if (!file) throw new PackError('malformed', `section ${name} is missing`)
    const { encoding, offset, length } = section
    if (encoding !== (expected ?? encoding)) {
      throw new PackError('unsupported', `section ${name}: encoding ${encoding}, expected ${expected}`)
    }
    return { section, bytes: file.subarray(offset, offset + length) }
  }

  /**
   * A raw section, row-major; a view where the bytes are aligned, else a copy.
   * @param dtypes the ones that the reader understands, with a space between
   * @param shape expected; -1 stands for any size
   * @throws PackError
   */
  array<D extends Dtype>(name: string, dtypes: D | D[], ...shape: number[]): Views[D] {
    const { section, bytes } = this.section(name, 'raw')
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
    const aligned = bytes.byteOffset % View.BYTES_PER_ELEMENT === 0 ? bytes : bytes.slice()
    return new View(
      aligned.buffer as ArrayBuffer,
      aligned.byteOffset,
      aligned.length / View.BYTES_PER_ELEMENT,
    ) as Views[D]
  }
}
