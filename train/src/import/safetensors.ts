/**
 * Reads safetensors files (https://github.com/huggingface/safetensors, "Format"), in which other trainers save their
 * arrays: 8 bytes with the length of the header, a header in JSON, then the numbers, one tensor after the other.
 *
 * Such a file may come from anyone, so nothing in it is trusted before it is checked: the size of the header is
 * bounded, names are distinct, and the tensors cover the rest of the file exactly, without gaps or overlaps. Numbers
 * are read only when they are asked for.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { repeatedKey } from './repeated-key.js'

/** The format allows 100 MB; a header of this size describes 100,000 tensors. */
const MAX_HEADER = 16 << 20
/** Bytes of a number of each type. Only the types in `FLOATS` can be read. */
const SIZES: ReadonlyMap<string, number> = new Map([
  ...['BOOL', 'U8', 'I8', 'F8_E5M2', 'F8_E4M3'].map((dtype) => [dtype, 1] as const),
  ...['I16', 'U16', 'F16', 'BF16'].map((dtype) => [dtype, 2] as const),
  ...['I32', 'U32', 'F32'].map((dtype) => [dtype, 4] as const),
  ...['I64', 'U64', 'F64'].map((dtype) => [dtype, 8] as const),
])
const FLOATS = ['F32', 'F16', 'BF16']
/** Bytes that are read at once. */
const CHUNK = 1 << 24

export interface TensorInfo {
  dtype: string
  shape: number[]
  /** First byte in the file, and the byte after the last. */
  from: number
  to: number
}

/** Where the bytes are. */
export interface Source {
  /** Its name in error messages. */
  name: string
  /** In bytes. */
  size: number
  /** Returns exactly `length` bytes. Never called for bytes beyond `size`. */
  read(from: number, length: number): Uint8Array
}

export class Safetensors {
  readonly tensors: ReadonlyMap<string, TensorInfo>

  /** @throws with the names of the file and the tensor, and what was expected */
  constructor(private readonly source: Source) {
    this.tensors = readHeader(source)
  }

  get name(): string {
    return this.source.name
  }

  /**
   * The numbers of a tensor, row-major.
   * @throws when they are not of a type that can be read, or when not all are finite
   */
  read(name: string): Float32Array {
    const tensor = this.tensors.get(name)
    if (!tensor) throw new Error(`${this.name}: there is no tensor ${JSON.stringify(name)}`)
    const { dtype, from, to } = tensor
    if (!FLOATS.includes(dtype)) {
      throw new Error(`${this.at(name)} is ${dtype}, expected ${FLOATS.join(', ')}: save it as float32`)
    }
    const size = SIZES.get(dtype)!
    const out = new Float32Array((to - from) / size)
    for (let at = from; at < to; at += CHUNK) {
      const bytes = this.source.read(at, Math.min(CHUNK, to - at))
      const begin = (at - from) / size
      decode(dtype, bytes, out.subarray(begin, begin + bytes.length / size))
    }
    const wrong = out.findIndex((value) => !Number.isFinite(value))
    if (wrong >= 0)
      throw new Error(`${this.at(name)}: value ${wrong} is ${out[wrong]}, expected finite numbers`)
    return out
  }

  /** The names of the file and the tensor for an error message. */
  at(name: string): string {
    return `${this.name}: tensor ${JSON.stringify(name)}`
  }
}

/** Opens a file, passes it to `use`, and closes it again. */
export function withSafetensors<T>(path: string, use: (file: Safetensors) => T): T {
  const handle = openSync(path, 'r')
  try {
    return use(
      new Safetensors({
        name: path,
        size: fstatSync(handle).size,
        read(from, length) {
          const bytes = new Uint8Array(length)
          let got = 0
          while (got < length) {
            const n = readSync(handle, bytes, got, length - got, from + got)
            if (n === 0) throw new Error(`${path}: the file ended while it was read`)
            got += n
          }
          return bytes
        },
      }),
    )
  } finally {
    closeSync(handle)
  }
}

function readHeader(source: Source): Map<string, TensorInfo> {
  const { name: file, size } = source
  const fail = (what: string): never => {
    throw new Error(`${file}: ${what}; is this a safetensors file?`)
  }
  if (size < 10) fail(`${size} bytes, expected at least 10`)
  const prefix = source.read(0, 8)
  const length = Number(new DataView(prefix.buffer, prefix.byteOffset).getBigUint64(0, true))
  if (length > MAX_HEADER) fail(`a header of ${length} bytes, at most ${MAX_HEADER} are read`)
  if (8 + length > size) fail(`a header of ${length} bytes in a file of ${size}`)
  const header = parseJson(source.read(8, length), fail)
  const { __metadata__: metadata } = header
  if (Object.hasOwn(header, '__metadata__') && !isTexts(metadata))
    fail('__metadata__ is not an object of texts')

  const begin = 8 + length
  const tensors = new Map<string, TensorInfo>()
  for (const [name, entry] of Object.entries(header)) {
    if (name !== '__metadata__')
      tensors.set(name, tensorInfo(entry, begin, size, `${file}: tensor ${JSON.stringify(name)}`))
  }
  let end = begin
  let last = 'the header'
  const inOrder = [...tensors].sort(([, a], [, b]) => a.from - b.from || a.to - b.to)
  for (const [name, { from, to }] of inOrder) {
    if (from !== end) {
      const what = from < end ? 'overlaps' : `leaves a gap of ${from - end} bytes behind`
      throw new Error(`${file}: tensor ${JSON.stringify(name)} ${what} ${last}`)
    }
    end = to
    last = JSON.stringify(name)
  }
  if (end !== size)
    throw new Error(`${file}: ${size - end} bytes at the end belong to no tensor; is the file whole?`)
  return tensors
}

function parseJson(bytes: Uint8Array, fail: (what: string) => never): Record<string, unknown> {
  if (bytes[0] !== 0x7b) fail('the header does not begin with {')
  let text: string
  let header: unknown
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    header = JSON.parse(text)
  } catch (error) {
    return fail(`the header is not JSON: ${(error as Error).message.slice(0, 100)}`)
  }
  const twice = repeatedKey(text)
  if (twice !== undefined) fail(`the header has the name ${JSON.stringify(twice)} twice`)
  return header as Record<string, unknown>
}

function isTexts(value: unknown): boolean {
  return isObject(value) && Object.values(value).every((text) => typeof text === 'string')
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** @param begin the byte in the file that offsets are counted from */
function tensorInfo(entry: unknown, begin: number, size: number, where: string): TensorInfo {
  const need = (holds: boolean, what: string) => {
    if (!holds) throw new Error(`${where} has ${what}`)
  }
  need(isObject(entry), 'no description, expected {"dtype", "shape", "data_offsets"}')
  const { dtype, shape, data_offsets: offsets } = entry as Record<string, unknown>
  const shown = (value: unknown) => (JSON.stringify(value) ?? 'none').slice(0, 60)
  const bytes = typeof dtype === 'string' ? SIZES.get(dtype) : undefined
  need(bytes !== undefined, `dtype ${shown(dtype)}, expected one of ${[...SIZES.keys()].join(', ')}`)
  need(isCounts(shape), `shape ${shown(shape)}, expected a list of whole numbers`)
  need(isCounts(offsets) && offsets.length === 2, `data_offsets ${shown(offsets)}, expected [begin, end]`)
  const [from, to] = offsets as [number, number]
  need(
    from <= to && to <= size - begin,
    `data_offsets [${from}, ${to}], expected them within ${size - begin} bytes`,
  )
  const length = (shape as number[]).reduce((product, side) => product * side, bytes!)
  need(length === to - from, `${to - from} bytes, expected ${length} of ${dtype} of shape [${shape}]`)
  return { dtype: dtype as string, shape: shape as number[], from: begin + from, to: begin + to }
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0)
}

/** Reads little-endian numbers into `out`. */
function decode(dtype: string, bytes: Uint8Array, out: Float32Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const words = new Uint32Array(out.buffer, out.byteOffset, out.length)
  if (dtype === 'F32') for (let i = 0; i < out.length; i++) out[i] = view.getFloat32(i * 4, true)
  else if (dtype === 'BF16') for (let i = 0; i < out.length; i++) words[i] = view.getUint16(i * 2, true) << 16
  else for (let i = 0; i < out.length; i++) out[i] = half(view.getUint16(i * 2, true))
}

/** The value of an IEEE 754 binary16 number: sign, 5 bits of exponent, 10 bits of mantissa. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const mantissa = bits & 0x3ff
  if (exponent === 0) return sign * mantissa * 2 ** -24
  if (exponent === 31) return mantissa ? Number.NaN : sign * Infinity
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15)
}
