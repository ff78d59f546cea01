/** Products of small row-major matrices, in double precision. */

/** The product A B, where B has n columns. */
export function times(a: ArrayLike<number>, b: ArrayLike<number>, n: number): Float64Array {
  const inner = b.length / n
  return Float64Array.from({ length: (a.length / inner) * n }, (_, at) => {
    const row = Math.floor(at / n) * inner
    let sum = 0
    for (let k = 0; k < inner; k++) sum += a[row + k]! * b[k * n + (at % n)]!
    return sum
  })
}

/** The transpose of a matrix with n columns. */
export function transposed(a: ArrayLike<number>, n: number): Float64Array {
  const rows = a.length / n
  return Float64Array.from({ length: a.length }, (_, at) => a[(at % rows) * n + Math.floor(at / rows)]!)
}
