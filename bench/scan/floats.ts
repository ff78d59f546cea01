/** The plain way: a JavaScript loop over 32-bit floats. It is exact, so recall is measured against it. */

/** Rows of the k highest inner products, best first. */
export function topRows(vectors: Float32Array, dim: number, query: Float32Array, k: number): Uint32Array {
  const rows = new Uint32Array(k)
  const scores = new Float64Array(k).fill(-Infinity)
  for (let row = 0, first = 0; first < vectors.length; row++, first += dim) {
    let score = 0
    for (let d = 0; d < dim; d++) score += vectors[first + d]! * query[d]!
    if (score <= scores[k - 1]!) continue
    let place = k - 1
    for (; place > 0 && scores[place - 1]! < score; place--) {
      scores[place] = scores[place - 1]!
      rows[place] = rows[place - 1]!
    }
    scores[place] = score
    rows[place] = row
  }
  return rows
}
