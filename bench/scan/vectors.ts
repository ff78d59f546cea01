/** Synthetic catalogues, the same on every machine. */

/** Numbers in [0, 1) from a seed (mulberry32, by Tommy Ettinger). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Normally distributed numbers (Box-Muller). */
export function gaussian(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/**
 * Unit vectors in clusters, as item vectors are: a Gaussian mixture of 512 centres.
 * @returns Float32Array of n*dim, row-major
 */
export function mixture(n: number, dim: number, seed: number): Float32Array {
  const random = seeded(seed)
  const normal = gaussian(random)
  const centres = Float32Array.from({ length: 512 * dim }, normal)
  const vectors = new Float32Array(n * dim)
  for (let first = 0; first < vectors.length; first += dim) {
    const centre = Math.floor(random() * 512) * dim
    let square = 0
    for (let d = 0; d < dim; d++) {
      const value = centres[centre + d]! + 0.7 * normal()
      vectors[first + d] = value
      square += value * value
    }
    const inverse = 1 / Math.sqrt(square)
    for (let d = 0; d < dim; d++) vectors[first + d]! *= inverse
  }
  return vectors
}

/** Integer codes with one step for the whole catalogue, large enough that no value is clipped. */
export function quantiseAll(vectors: Float32Array): { codes: Int8Array; step: number } {
  let largest = 0
  for (const value of vectors) largest = Math.max(largest, Math.abs(value))
  const step = largest / 127
  return { codes: Int8Array.from(vectors, (value) => Math.round(value / step)), step }
}
