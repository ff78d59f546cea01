/** Arithmetic of vectors. Values are added in their order, so that every JavaScript engine gets the same bits. */

/** Inner product of `b` with equally many values of `a`, starting at `at`. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>, at = 0): number {
  let sum = 0
  for (let d = 0; d < b.length; d++) sum += a[at + d]! * b[d]!
  return sum
}

/** The vector scaled to length 1; undefined for a vector of length 0 or with a value that is not a number. */
export function normalise(v: Float64Array): Float64Array | undefined {
  const square = dot(v, v)
  if (!(square > 0 && square < Infinity)) return undefined
  const inverse = 1 / Math.sqrt(square)
  return v.map((value) => value * inverse)
}

/** The unit vector (Float64Array of dim) along the weighted sum; undefined when that has no direction. */
export function direction(
  dim: number,
  vectors: readonly (Float32Array | Float64Array)[],
  weights: readonly number[],
): Float64Array | undefined {
  const sum = new Float64Array(dim)
  vectors.forEach((vector, j) => {
    for (let d = 0; d < dim; d++) sum[d]! += weights[j]! * vector[d]!
  })
  return normalise(sum)
}
