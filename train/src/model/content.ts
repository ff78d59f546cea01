/**
 * Vectors for items of too little history, from what the catalogue says: an item lies where the items lie that share
 * its features, rare features counting more (inverse document frequency).
 */
import type { Catalogue } from '../data/catalogue.js'
import { featuresOf } from './content-features.js'

/** Features that fewer items with a history share are no evidence. */
const LEAST = 2
/** Those that a larger share of all items has say nothing. */
const MOST = 0.4

/**
 * Overwrites the vectors of rare items whose features are known.
 * @param vectors items*dim, unit rows
 * @param attributes columns of the catalogue that are features, beside those that always are
 * @returns 1 for each item that got a vector
 */
export function addContentVectors(
  catalogue: Catalogue,
  rare: Uint8Array,
  vectors: Float32Array,
  dim: number,
  attributes: readonly string[] = [],
): Uint8Array {
  const found = new Uint8Array(rare.length)
  const numbers = new Map<string, number>()
  const features = featuresOf(catalogue, rare.length, attributes).map((names) =>
    names.map((feature) => {
      const known = numbers.get(feature) ?? numbers.size
      numbers.set(feature, known)
      return known
    }),
  )
  const counts = new Uint32Array(numbers.size)
  let items = 0
  for (let row = 0; row < rare.length; row++) {
    if (rare[row]) continue
    items++
    for (const feature of features[row]!) counts[feature]!++
  }
  // Most words of a large catalogue are those of one item: sums are kept only of what tells something.
  const places = new Int32Array(counts.length).fill(-1)
  let told = 0
  for (const [feature, count] of counts.entries()) {
    if (count >= LEAST && count < MOST * items) places[feature] = told++
  }
  const sums = new Float32Array(told * dim)
  for (let row = 0; row < rare.length; row++) {
    if (rare[row]) continue
    for (const feature of features[row]!) {
      const at = places[feature]! * dim
      if (at >= 0) for (let d = 0; d < dim; d++) sums[at + d]! += vectors[row * dim + d]!
    }
  }
  const vector = new Float64Array(dim)
  for (let row = 0; row < rare.length; row++) {
    if (!rare[row]) continue
    vector.fill(0)
    for (const feature of features[row]!) {
      const at = places[feature]! * dim
      if (at < 0) continue
      const count = counts[feature]!
      const weight = Math.log(items / count) / count
      for (let d = 0; d < dim; d++) vector[d]! += weight * sums[at + d]!
    }
    const length = Math.hypot(...vector)
    if (!(length > 1e-6)) continue
    found[row] = 1
    for (let d = 0; d < dim; d++) vectors[row * dim + d] = vector[d]! / length
  }
  return found
}
