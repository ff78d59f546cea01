/** Reads forward through part of a section and never past its end. */
import { PackError } from '../pack/errors.js'

export class Cursor {
  constructor(
    readonly bytes: Uint8Array,
    public at: number,
    readonly end: number,
    readonly name: string,
  ) {}

  byte(): number {
    if (this.at >= this.end) this.#tooFar()
    return this.bytes[this.at++]!
  }

  /** A LEB128 number below 2^35. */
  leb(): number {
    let value = 0
    for (let factor = 1; factor < 2 ** 35; factor *= 128) {
      const byte = this.byte()
      value += (byte & 127) * factor
      if (byte < 128) return value
    }
    throw new PackError('malformed', `section ${this.name}: a number has more than 5 bytes`)
  }

  take(length: number): Uint8Array {
    if (length > this.end - this.at) this.#tooFar()
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }

  /** Passes over so many LEB128 numbers. */
  skip(count: number): void {
    let left = count
    while (left > 0) if (this.byte() < 128) left--
  }

  #tooFar(): never {
    throw new PackError('malformed', `section ${this.name}: a block ends too early`)
  }
}
