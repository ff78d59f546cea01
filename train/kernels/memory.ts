/**
 * The trainer's one memory, shared by all its threads. Arrays are laid out once and never freed; a thread gets an
 * array of another by its address.
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

/** What another thread needs to make the same array. */
export interface Place {
  at: number
  length: number
}

export class Memory {
  readonly wasm: WebAssembly.Memory
  /** Where the next array begins, in a shared word: several threads lay out arrays of their own. */
  private readonly next: Int32Array

  constructor(wasm?: WebAssembly.Memory) {
    // The first word (in units of 64 bytes, to reach 4 GB) is the allocator's; nothing else lies below 64.
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

  private reserve(bytes: number): number {
    const at = Atomics.add(this.next, 0, Math.ceil(bytes / 64)) * 64
    const missing = at + bytes - this.wasm.buffer.byteLength
    if (missing > 0) {
      try {
        this.wasm.grow(Math.ceil(missing / PAGE))
      } catch {
        throw new RangeError(
          `Training needs more than the 4 GB that its memory can have (an array of ${bytes} bytes did not fit): ` +
            'use a smaller --dim or fewer items.',
        )
      }
    }
    return at
  }
}
