/**
 * Vectors for items of too little history, from what the catalogue says: kriging (Krige 1951; Gaussian process regression),
 * from the items with a history that are most alike. Alike are two items by the square of the cosine of their sets of
 * features: squared, it knows pairs of features too, a red mug and not just red or a mug. What vectors do not follow from
 * content is noise; how much of it there is, is what leaving items out tells.
 *
 * Nothing but the catalogue and vectors that the pack holds anyway goes into this, so the support rule holds as it does there.
 */
import type { Catalogue } from '../../data/catalogue.js'
import { cholesky, substitute } from '../../maths/cholesky.js'
import { featuresOf } from './content-features.js'
import { type Alike, Likeness } from './likeness.js'

/** Shares of noise that are tried. */
const NOISES = [0.1, 0.3, 1, 3]
/** Items with a history that are placed as if they had none, to see how well that goes; fewer than LEAST tell nothing. */
const REHEARSED = 300
const LEAST = 8
/** What content must add to their mean agreement (cosine) with the middle of all items, to be taken for evidence. */
const EVIDENT = 0.05

/**
 * Overwrites the vectors of rare items whose features are known, unless content tells nothing of vectors in this shop.
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
  const likeness = new Likeness(featuresOf(catalogue, rare.length, attributes), rare)
  const noise = rehearse(likeness, rare, vectors, dim)
  if (noise === undefined) return found
  for (let row = 0; row < rare.length; row++) {
    if (!rare[row]) continue
    const vector = place(likeness.to(row), noise, vectors, dim)
    if (!vector) continue
    vectors.set(vector, row * dim)
    found[row] = 1
  }
  return found
}

/** The noise by which items with a history are found best; undefined where the mean of all items does as well. */
function rehearse(
  likeness: Likeness,
  rare: Uint8Array,
  vectors: Float32Array,
  dim: number,
): number | undefined {
  const known = Array.from(rare.keys()).filter((row) => !rare[row])
  if (known.length < LEAST) return NOISES[1]
  const mean = new Float64Array(dim)
  for (const row of known) for (let d = 0; d < dim; d++) mean[d]! += vectors[row * dim + d]!
  const middle = unit(mean)
  const agreement = new Float64Array(NOISES.length)
  let usual = 0
  let rehearsed = 0
  const stride = Math.max(1, known.length / REHEARSED)
  for (let i = 0; i < known.length; i += stride) {
    const row = known[Math.floor(i)]!
    const alike = likeness.to(row)
    if (alike.rows.length === 0) continue
    const cosine = (vector: Float64Array | undefined) =>
      vector?.reduce((sum, value, d) => sum + value * vectors[row * dim + d]!, 0) ?? 0
    rehearsed++
    usual += cosine(middle)
    NOISES.forEach((noise, n) => {
      agreement[n]! += cosine(place(alike, noise, vectors, dim))
    })
  }
  const best = agreement.indexOf(Math.max(...agreement))
  return agreement[best]! > usual + EVIDENT * rehearsed ? NOISES[best] : undefined
}

/** Where an item lies by those it is alike, as a unit vector; undefined where none is. */
function place(
  { rows, kernel, own }: Alike,
  noise: number,
  vectors: Float32Array,
  dim: number,
): Float64Array | undefined {
  const n = rows.length
  if (n === 0) return undefined
  const matrix = kernel.slice()
  for (let i = 0; i < n; i++) matrix[i * n + i]! += noise
  const weights = own.slice()
  substitute(cholesky(matrix, n), n, weights)
  const vector = new Float64Array(dim)
  for (let i = 0; i < n; i++)
    for (let d = 0; d < dim; d++) vector[d]! += weights[i]! * vectors[rows[i]! * dim + d]!
  return unit(vector)
}

function unit(vector: Float64Array): Float64Array | undefined {
  const length = Math.hypot(...vector)
  return length > 1e-6 ? vector.map((value) => value / length) : undefined
}
