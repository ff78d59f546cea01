/** Solves systems of equations with a positive definite matrix (Golub, Van Loan, section 4.2). */

/**
 * The Cholesky factor L of a positive definite matrix L L', in place.
 * @param matrix n*n, row-major, at the beginning of the array; only the lower half is read and written
 */
export function cholesky(matrix: Float64Array, n: number): Float64Array {
  for (let a = 0; a < n; a++) {
    for (let b = 0; b <= a; b++) {
      let value = matrix[a * n + b]!
      for (let c = 0; c < b; c++) value -= matrix[a * n + c]! * matrix[b * n + c]!
      matrix[a * n + b] = a === b ? Math.sqrt(value) : value / matrix[b * n + b]!
    }
  }
  return matrix
}

/** The inverse of a lower triangular n*n matrix, row-major. Its upper half is not read. */
export function inverseOfLower(root: Float64Array, n: number): Float64Array {
  const inverse = new Float64Array(n * n)
  for (let column = 0; column < n; column++) {
    for (let a = column; a < n; a++) {
      let value = a === column ? 1 : 0
      for (let b = column; b < a; b++) value -= root[a * n + b]! * inverse[b * n + column]!
      inverse[a * n + column] = value / root[a * n + a]!
    }
  }
  return inverse
}

/** Solves L L' x = right for x, in place of `right`. `root` is L, as `cholesky` gives it. */
export function substitute(root: Float64Array, n: number, right: Float64Array): void {
  for (let a = 0; a < n; a++) {
    let value = right[a]!
    for (let b = 0; b < a; b++) value -= root[a * n + b]! * right[b]!
    right[a] = value / root[a * n + a]!
  }
  for (let a = n - 1; a >= 0; a--) {
    right[a]! /= root[a * n + a]!
    for (let b = 0, at = a * n; b < a; b++) right[b]! -= root[at + b]! * right[a]!
  }
}
