/**
 * One file of a checkpoint: a small value, followed by arrays of numbers in the byte order of memory.
 *
 *     32 bytes SHA-256 of all that follows | u32 length of the head | head | arrays
 *
 * It is written under another name and then renamed. So even after a power cut, the name stands for a whole file.
 */
import { createHash, type Hash } from 'node:crypto'
import {
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { deserialize, serialize } from 'node:v8'

/** Arrays are copied in pieces of this many bytes. The arrays of a large shop would not fit into memory twice. */
const PIECE = 1 << 20
const DIGEST = 32

/**
 * @param value anything that can be cloned by structured cloning
 * @throws when the file cannot be written; no incomplete file is left then
 */
export function writeSnapshot(path: string, value: unknown, arrays: readonly Float32Array[] = []): void {
  const aside = `${path}.${process.pid}`
  const fd = openSync(aside, 'w', 0o600)
  try {
    const hash = createHash('sha256')
    // Unlike writeSync, writeFileSync continues until all bytes are written or the disk is full.
    const write = (bytes: Uint8Array) => {
      hash.update(bytes)
      writeFileSync(fd, bytes)
    }
    writeFileSync(fd, Buffer.alloc(DIGEST))
    const head = serialize({ value, lengths: arrays.map(({ length }) => length) })
    const size = Buffer.alloc(4)
    size.writeUInt32LE(head.length)
    write(size)
    write(head)
    // Each piece is copied, because other threads may change the shared memory while it is hashed and written.
    for (const array of arrays) for (const piece of pieces(array)) write(Uint8Array.from(piece))
    writeSync(fd, hash.digest(), 0, DIGEST, 0)
    fsyncSync(fd)
  } catch (error) {
    rmSync(aside, { force: true })
    throw error
  } finally {
    closeSync(fd)
  }
  renameSync(aside, path)
}

export interface Snapshot {
  value: unknown
  /**
   * Fills the given arrays with the saved ones. There may be fewer saved ones; the rest stays as it is.
   * @returns false, with nothing filled, if the lengths differ from what was saved
   */
  fill(arrays: readonly Float32Array[]): boolean
}

/** @returns undefined if there is no such file, or if it is damaged or incomplete */
export function readSnapshot(path: string): Snapshot | undefined {
  const hash = createHash('sha256')
  const head = withFile(path, (fd) => {
    const { size } = fstatSync(fd)
    if (size < DIGEST + 4) return undefined
    const digest = read(fd, DIGEST)
    const length = read(fd, 4, hash).readUInt32LE()
    const bytes = read(fd, Math.min(length, size), hash)
    while (read(fd, PIECE, hash).length > 0);
    return hash.digest().equals(digest) ? bytes : undefined
  })
  if (!head) return undefined
  const { value, lengths } = deserialize(head) as { value: unknown; lengths: number[] }
  const fill = (arrays: readonly Float32Array[]) => {
    if (lengths.some((length, i) => length !== arrays[i]?.length)) return false
    withFile(path, (fd) => {
      let at = DIGEST + 4 + head.length
      for (const array of arrays.slice(0, lengths.length)) {
        for (const piece of pieces(array)) {
          const bytes = Buffer.alloc(piece.length)
          at += readSync(fd, bytes, 0, bytes.length, at)
          piece.set(bytes)
        }
      }
    })
    return true
  }
  return { value, fill }
}

function* pieces({ buffer, byteOffset, byteLength }: Float32Array): Generator<Uint8Array> {
  for (let from = 0; from < byteLength; from += PIECE) {
    yield new Uint8Array(buffer, byteOffset + from, Math.min(PIECE, byteLength - from))
  }
}

/** Reads the next bytes of a file; fewer at its end. */
function read(fd: number, length: number, hash?: Hash): Buffer {
  const bytes = Buffer.alloc(length)
  const got = bytes.subarray(0, readSync(fd, bytes, 0, length, null))
  hash?.update(got)
  return got
}

function withFile<T>(path: string, work: (fd: number) => T): T | undefined {
  let fd: number
  try {
    fd = openSync(path, 'r')
  } catch {
    return undefined
  }
  try {
    return work(fd)
  } finally {
    closeSync(fd)
  }
}
