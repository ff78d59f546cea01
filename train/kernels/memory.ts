/**
 * The memory of a training, shared by all its threads. Arrays are laid out once and never freed. A thread opens an
 * array of another thread by its address.
 */

const PAGE = 65_536

/** An array in the shared memory: `at` is its byte address, which kernels take. */
export interface Floats {
  at: number
  data: Float32Array
}
export interface Ints {
  at: number
  data: Int32Array
}

/** The address and length of an array, by which another thread can open the same one. */
export interface Place {
  at: number
  length: number
}

export class Memory {
  readonly wasm: WebAssembly.Memory
  /** Where the next array begins, in units of 64 bytes. It is shared, because several threads lay out arrays. */
  private readonly next: Int32Array

  constructor(wasm?: WebAssembly.Memory) {
    // The first word of the memory belongs to the allocator. It counts units of 64 bytes, so that 32 bits reach 4 GB.
    // Nothing else is stored below byte 64.
    this.wasm = wasm ?? new WebAssembly.Memory({ initial: 1, maximum: 65_536, shared: true })
    this.next = new Int32Array(this.wasm.buffer, 0, 1)
    if (!wasm) this.next[0] = 1
  }

  floats(length: number): Floats {
    return this.floatsAt({ at: this.reserve(length * 4), length })
  }

  ints(length: number): Ints {
    return this.intsAt({ at: this.reserve(length * 4), length })
  }

  floatsAt({ at, length }: Place): Floats {
    return { at, data: new Float32Array(this.wasm.buffer, at, length) }
  }

  intsAt({ at, length }: Place): Ints {
    return { at, data: new Int32Array(this.wasm.buffer, at, length) }
  }

  /** @throws {RangeError} when the memory would exceed 4 GB */
  private reserve(bytes: number): number {
    const at = Atomics.add(this.next, 0, Math.ceil(bytes / 64)) * 64
    const missing = at + bytes - this.wasm.buffer.byteLength
    if (missing > 0) {
      try {
        this.wasm.grow(Math.ceil(missing / PAGE))
      } catch {
        throw new RangeError(
          `Training needs more than 4 GB, the most its memory can have (an array of ${bytes} bytes did not fit): ` +
            'use a smaller --dim or fewer items.',
        )
      }
    }
    return at
  }
}
