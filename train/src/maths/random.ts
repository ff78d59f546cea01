/** Seeded random numbers, the same on every machine. Each pair (seed, purpose) has a stream of its own. */

/** Mixes integers into one of 32 bits (murmur3's finaliser). */
export function mix(...values: number[]): number {
  let h = 0x9747b28c
  for (const value of values) {
    h = Math.imul(h ^ value, 0xcc9e2d51)
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
    h ^= h >>> 16
  }
  return h >>> 0
}

/** Gives the next number, uniform on [0, 1), with 32 random bits: 53 are not needed here. */
export type Random = () => number

/** A stream of random numbers (sfc32, from PractRand). */
export function random(...seed: number[]): Random {
  let a = mix(...seed, 1)
  let b = mix(...seed, 2)
  let c = mix(...seed, 3)
  let counter = 1
  return () => {
    const t = (a + b + counter++) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + t
    return (t >>> 0) / 4294967296
  }
}

/** A number from the standard normal distribution (Box, Muller 1958). */
export function normal(uniform: Random): number {
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
}

/** The numbers 0 to n - 1 in random order (Fisher, Yates). */
export function permutation(n: number, uniform: Random): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i)
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(uniform() * (i + 1))
    const swap = order[i]!
    order[i] = order[j]!
    order[j] = swap
  }
  return order
}
