/** Matrix products: dense times dense, in tiles that fit the registers, and sparse times dense. */
import { axpy } from './vector'

/**
 * C += A B, where C is m*n, A is m*k and B is k*n; n is a multiple of 8. Element (i, j) of A is at a + i*ai + j*ak,
 * so a transposed A costs nothing. B is read in panels of 8 columns: element (j, c) is at
 * b + (c / 8)*bp + j*bk + (c % 8)*4. A row-major B has bp = 32. Row i of C begins at c + i*ci. All strides are in bytes.
 *
 * A tile of 4*8 needs 8 accumulators, 2 values of B and 1 of A, which fit the 16 vector registers.
 */
export function gemm(
  m: i32,
  n: i32,
  k: i32,
  a: usize,
  ai: usize,
  ak: usize,
  b: usize,
  bk: usize,
  bp: usize,
  c: usize,
  ci: usize,
): void {
  for (let j = 0; j < n; j += 8) {
    let i = 0
    for (; i + 4 <= m; i += 4) {
      const c0 = c + <usize>i * ci + ((<usize>j) << 2)
      const c1 = c0 + ci
      const c2 = c1 + ci
      const c3 = c2 + ci
      let s00 = v128.load(c0)
      let s01 = v128.load(c0, 16)
      let s10 = v128.load(c1)
      let s11 = v128.load(c1, 16)
      let s20 = v128.load(c2)
      let s21 = v128.load(c2, 16)
      let s30 = v128.load(c3)
      let s31 = v128.load(c3, 16)
      let a0 = a + <usize>i * ai
      let a1 = a0 + ai
      let a2 = a1 + ai
      let a3 = a2 + ai
      let bb = b
      for (let l = 0; l < k; l++) {
        const b0 = v128.load(bb)
        const b1 = v128.load(bb, 16)
        const x0 = v128.load32_splat(a0)
        s00 = f32x4.add(s00, f32x4.mul(x0, b0))
        s01 = f32x4.add(s01, f32x4.mul(x0, b1))
        const x1 = v128.load32_splat(a1)
        s10 = f32x4.add(s10, f32x4.mul(x1, b0))
        s11 = f32x4.add(s11, f32x4.mul(x1, b1))
        const x2 = v128.load32_splat(a2)
        s20 = f32x4.add(s20, f32x4.mul(x2, b0))
        s21 = f32x4.add(s21, f32x4.mul(x2, b1))
        const x3 = v128.load32_splat(a3)
        s30 = f32x4.add(s30, f32x4.mul(x3, b0))
        s31 = f32x4.add(s31, f32x4.mul(x3, b1))
        a0 += ak
        a1 += ak
        a2 += ak
        a3 += ak
        bb += bk
      }
      v128.store(c0, s00)
      v128.store(c0, s01, 16)
      v128.store(c1, s10)
      v128.store(c1, s11, 16)
      v128.store(c2, s20)
      v128.store(c2, s21, 16)
      v128.store(c3, s30)
      v128.store(c3, s31, 16)
    }
    for (; i < m; i++) {
      const c0 = c + <usize>i * ci + ((<usize>j) << 2)
      let s0 = v128.load(c0)
      let s1 = v128.load(c0, 16)
      let a0 = a + <usize>i * ai
      let bb = b
      for (let l = 0; l < k; l++) {
        const x = v128.load32_splat(a0)
        s0 = f32x4.add(s0, f32x4.mul(x, v128.load(bb)))
        s1 = f32x4.add(s1, f32x4.mul(x, v128.load(bb, 16)))
        a0 += ak
        bb += bk
      }
      v128.store(c0, s0)
      v128.store(c0, s1, 16)
    }
    b += bp
  }
}

/** Transposes `rows` rows (a multiple of 8) of d values into panels of 8 columns, the form of B in `gemm`. */
export function packPanels(rows: i32, d: i32, from: usize, to: usize): void {
  for (let r = 0; r < rows; r += 8) {
    for (let c = 0; c < d; c++) {
      for (let i = 0; i < 8; i++) {
        store<f32>(to, load<f32>(from + ((<usize>(r + i) * d + c) << 2)))
        to += 4
      }
    }
  }
}

/** Y = M X, where X and Y have d columns and M is sparse, stored by rows: rows + 1 `offsets`, `cols` and `values`. */
export function sparseTimesDense(
  rows: i32,
  d: i32,
  offsets: usize,
  cols: usize,
  values: usize,
  x: usize,
  y: usize,
): void {
  const bytes = (<usize>d) << 2
  for (let r = 0; r < rows; r++) {
    const out = y + <usize>r * bytes
    memory.fill(out, 0, bytes)
    const end = load<u32>(offsets + ((<usize>(r + 1)) << 2))
    for (let e = load<u32>(offsets + ((<usize>r) << 2)); e < end; e++) {
      const col = <usize>load<u32>(cols + ((<usize>e) << 2))
      axpy(d, load<f32>(values + ((<usize>e) << 2)), x + col * bytes, out)
    }
  }
}
