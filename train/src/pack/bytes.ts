/** A buffer that grows, for data whose length is not known in advance. */
export class Bytes {
  #bytes = new Uint8Array(1024)
  length = 0

  byte(value: number): void {
    this.#room(1)
    this.#bytes[this.length++] = value
  }

  /** LEB128, for integers from 0 to 2^53 - 1. */
  leb(value: number): void {
    let rest = value
    while (rest > 127) {
      this.byte((rest % 128) | 128)
      rest = Math.floor(rest / 128)
    }
    this.byte(rest)
  }

  append(bytes: Uint8Array): void {
    this.#room(bytes.length)
    this.#bytes.set(bytes, this.length)
    this.length += bytes.length
  }

  done(): Uint8Array {
    return this.#bytes.slice(0, this.length)
  }

  #room(more: number): void {
    if (this.length + more <= this.#bytes.length) return
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.length + more))
    larger.set(this.#bytes)
    this.#bytes = larger
  }
}
