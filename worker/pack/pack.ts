/**
 * A pack in memory: a verified manifest and the files loaded so far, as typed views of their sections. Raw sections
 * are not copied. Files of optional sections (facts) may be attached later than the first ranking.
 */
import { PackError } from './errors.js'
import type { Dtype, Manifest, PackFile, Section } from './manifest.js'
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
  readonly #sections: Map<string, Section>
  readonly #files = new Map<string, Uint8Array>()

  constructor(readonly release: Release) {
    this.manifest = release.manifest
    this.#sections = new Map(this.manifest.sections.map((section) => [section.name, section]))
  }

  /** Files (keys in `manifest.files`) that the pack cannot serve without, and those that can come later. */
  static filesOf({ files, sections }: Manifest): { required: string[]; optional: string[] } {
    const needed = new Set(sections.filter((section) => section.required).map((section) => section.file))
    const used = new Set(sections.map((section) => section.file))
    const keys = Object.keys(files).filter((key) => used.has(key))
    return {
      required: keys.filter((key) => needed.has(key)),
      optional: keys.filter((key) => !needed.has(key)),
    }
  }

  /**
   * Adds a file whose size and hash have been verified.
   * @throws PackError when its sections are not where the manifest says
   */
  attach(key: string, bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    const { name } = this.manifest.files[key]!
    const start = String.fromCharCode(...bytes.subarray(0, MAGIC.length))
    if (start !== MAGIC) throw new PackError('malformed', `${name}: does not begin as a pack's file`)
    for (const section of this.#sections.values()) {
      if (section.file !== key) continue
      const { offset, length } = section
      const end = offset + length
      const found =
        end <= bytes.length &&
        view.getUint32(offset - 8, true) === tagOf(section) &&
        view.getUint32(offset - 4, true) === length
      if (!found) {
        throw new PackError(
          'malformed',
          `${name}: section ${section.name} is not at ${offset}, where the manifest says`,
        )
      }
    }
    this.#files.set(key, bytes)
  }

  /** Whether the shop's configured key vouches for it. */
  get signed(): boolean {
    return this.release.signed
  }

  /** The bytes of a file, if it is attached. */
  file(key: string): Uint8Array | undefined {
    return this.#files.get(key)
  }

  /** Files attached, with their bytes. */
  get attached(): [PackFile, Uint8Array][] {
    return [...this.#files].map(([key, bytes]) => [this.manifest.files[key]!, bytes])
  }

  /** Whether no file is still to come. */
  get complete(): boolean {
    return Pack.filesOf(this.manifest).optional.every((key) => this.#files.has(key))
  }

  /** Decoded bytes of the files attached. */
  get bytes(): number {
    let sum = 0
    for (const bytes of this.#files.values()) sum += bytes.length
    return sum
  }

  /** Whether the pack has this section and its file is attached. */
  has(name: string): boolean {
    const section = this.#sections.get(name)
    return section !== undefined && this.#files.has(section.file)
  }

  section(name: string): Section {
    const section = this.#sections.get(name)
    if (!section) throw new PackError('malformed', `manifest.json: section ${name} is missing`)
    return section
  }

  /** The section's bytes as stored. */
  stored(name: string): Uint8Array {
    const { file, offset, length } = this.section(name)
    const bytes = this.#files.get(file)
    if (!bytes) throw new PackError('malformed', `section ${name}: file ${file} is not loaded`)
    return bytes.subarray(offset, offset + length)
  }

  /** A raw or planar section, row-major; a view where the bytes are aligned and raw, else a copy. */
  array<D extends Dtype>(name: string, ...dtypes: D[]): Views[D] {
    const { dtype, encoding, shape } = this.section(name)
    if (!dtypes.includes(dtype as D)) {
      throw new PackError('malformed', `section ${name}: dtype is ${dtype}, expected ${dtypes}`)
    }
    const View = VIEWS[dtype]
    let bytes = this.stored(name)
    if (bytes.byteOffset % View.BYTES_PER_ELEMENT !== 0) bytes = bytes.slice()
    const values = new View(
      bytes.buffer as ArrayBuffer,
      bytes.byteOffset,
      bytes.length / View.BYTES_PER_ELEMENT,
    ) as Views[D]
    // Only `items.vectors` may be planar, and it is i8.
    return encoding === 'planar' ? (rowMajor(values as Int8Array, shape[0]!, shape[1]!) as Views[D]) : values
  }
}

/**
 * Transposes columns * rows into rows * columns, in stripes of rows that stay in the cache. Four columns at a time are
 * put together to one word, which takes half the time: this runs at every warm start.
 */
function rowMajor(planes: Int8Array, rows: number, columns: number): Int8Array {
  const out = new Int8Array(planes.length)
  const wide = columns % 4 === 0 ? columns / 4 : 0
  const words = new Int32Array(out.buffer, 0, wide * rows)
  for (let start = 0; start < rows; start += 64) {
    const end = Math.min(start + 64, rows)
    for (let word = 0; word < wide; word++) {
      const a = word * 4 * rows
      const [b, c, d] = [a + rows, a + 2 * rows, a + 3 * rows]
      for (let r = start; r < end; r++) {
        words[r * wide + word] =
          (planes[a + r]! & 255) |
          ((planes[b + r]! & 255) << 8) |
          ((planes[c + r]! & 255) << 16) |
          (planes[d + r]! << 24)
      }
    }
    for (let column = wide * 4; column < columns; column++) {
      for (let r = start; r < end; r++) out[r * columns + column] = planes[column * rows + r]!
    }
  }
  return out
}
