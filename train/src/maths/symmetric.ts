/** Eigenvalues of small symmetric matrices (about 100 rows), in double precision. */

export interface Eigen {
  /** The largest absolute value first. */
  values: Float64Array
  /** n*n, row-major; column j is the eigenvector of value j. */
  vectors: Float64Array
}

/**
 * Eigenvalues and eigenvectors by cyclic Jacobi rotations (Golub, Van Loan, section 8.5).
 * @param matrix n*n, symmetric; it is not changed
 */
export function eigen(matrix: Float64Array, n: number): Eigen {
  const a = Float64Array.from(matrix)
  const v = new Float64Array(n * n)
  for (let i = 0; i < n; i++) v[i * n + i] = 1
  let scale = 0
  for (const value of a) scale += value * value
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0
    for (let p = 0; p < n; p++) for (let q = 0; q < p; q++) off += a[p * n + q]! ** 2
    if (off <= 1e-24 * scale) break
    for (let p = 0; p < n - 1; p++) {
      for (let q = p + 1; q < n; q++) {
        const apq = a[p * n + q]!
        if (apq === 0) continue
        const theta = (a[q * n + q]! - a[p * n + p]!) / (2 * apq)
        const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
        const c = 1 / Math.sqrt(t * t + 1)
        const s = t * c
        for (let k = 0; k < n; k++) {
          const kp = a[k * n + p]!
          const kq = a[k * n + q]!
          a[k * n + p] = c * kp - s * kq
          a[k * n + q] = s * kp + c * kq
        }
        for (let k = 0; k < n; k++) {
          const pk = a[p * n + k]!
          const qk = a[q * n + k]!
          a[p * n + k] = c * pk - s * qk
          a[q * n + k] = s * pk + c * qk
          const kp = v[k * n + p]!
          const kq = v[k * n + q]!
          v[k * n + p] = c * kp - s * kq
          v[k * n + q] = s * kp + c * kq
        }
      }
    }
  }
  const order = Array.from({ length: n }, (_, i) => i).sort(
    (i, j) => Math.abs(a[j * n + j]!) - Math.abs(a[i * n + i]!) || i - j,
  )
  const values = Float64Array.from(order, (i) => a[i * n + i]!)
  const vectors = new Float64Array(n * n)
  for (let k = 0; k < n; k++)
    order.forEach((i, j) => {
      vectors[k * n + j] = v[k * n + i]!
    })
  return { values, vectors }
}
