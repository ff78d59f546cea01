/**
 * Makes vectors for items with too little history, from what the catalogue says about them. The method is kriging
 * (Krige 1951; Gaussian process regression) over the most similar items with a history. Similarity is the squared
 * cosine of two items' sets of features. The square takes pairs of features into account: "red mug", not just "red"
 * or "mug". What content does not explain about a vector is noise. Leaving known items out and predicting them shows
 * how much noise there is.
 *
 * This uses only the catalogue and vectors that the pack holds anyway, so the support rule still holds. The trainer and the
 * browser use the same code.
 */
import { cholesky, substitute } from '../compute/cholesky.js'
import { type Described, featuresOf } from './content-features.js'
import { type Alike, Likeness } from './likeness.js'

/** Noise levels that are tried, added to the diagonal of the kernel. An item's similarity to itself is 1. */
const NOISES = [0.1, 0.3, 1, 3]
/**
 * To measure how well content predicts vectors, about this many items with a history are placed as if they had none. If
 * fewer than LEAST items have a history, nothing can be measured and a middle noise level is used.
 */
const REHEARSED = 300
const LEAST = 8
/** Content must beat the mean vector of all items by this much in mean cosine. Otherwise it is not used. */
const EVIDENT = 0.05

/**
 * Overwrites the vectors of rare items whose features are known. Does nothing if content does not predict vectors in
 * this shop.
 * @param rare 1 for each item with too little history
 * @param vectors items*dim, unit rows
 * @param attributes catalogue columns to use as features, besides the standard ones
 * @returns 1 for each item that got a vector
 */
export function addContentVectors(
  catalogue: Described,
  rare: Uint8Array,
  vectors: Float32Array,
  dim: number,
  attributes: readonly string[] = [],
): Uint8Array {
  const found = new Uint8Array(rare.length)
  const work = placing(catalogue, rare, vectors, dim, attributes)
  for (;;) {
    const { done, value } = work.next()
    if (done) return found
    if (!value) continue
    vectors.set(value.vector, value.row * dim)
    found[value.row] = 1
  }
}

/** The vector of an item without a history. */
export interface Placed {
  row: number
  vector: Float64Array
  /** What it was predicted from. */
  alike: Alike
}

/**
 * The same in small steps, for a thread that has other work too: a vector at a time, or nothing where a step only prepares for
 * the next. `vectors` stay as they are.
 */
export function* placing(
  catalogue: Described,
  rare: Uint8Array,
  vectors: Float32Array,
  dim: number,
  attributes: readonly string[] = [],
): Generator<Placed | undefined, void> {
  const likeness = new Likeness(featuresOf(catalogue, rare.length, attributes), rare)
  const noise = yield* rehearse(likeness, rare, vectors, dim)
  if (noise === undefined) return
  for (let row = 0; row < rare.length; row++) {
    if (!rare[row]) continue
    const alike = likeness.to(row)
    const vector = place(alike, noise, vectors, dim)
    if (vector) yield { row, vector, alike }
  }
}

/** The noise level that predicts items with a history best; undefined if the mean of all items does as well. */
function* rehearse(
  likeness: Likeness,
  rare: Uint8Array,
  vectors: Float32Array,
  dim: number,
): Generator<undefined, number | undefined> {
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
    yield undefined
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

/** The vector of an item, predicted from similar items, with length 1; undefined if there are no similar items. */
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
