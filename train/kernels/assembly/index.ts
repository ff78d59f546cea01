// asc: --enable threads --importMemory --sharedMemory --initialMemory 1 --maximumMemory 65536
/**
 * Training kernels. They own no memory: every argument that names an array is a byte address in the shared memory
 * that the trainer lays out (`arena.ts`), rows are contiguous and 16-byte aligned, `d` is a multiple of 8.
 * Helpers are small enough that the compiler inlines them. There is no static data, so any number of threads may instantiate this module over one memory.
 */

function sum4(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) +
    f32x4.extract_lane(v, 1) +
    (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
  )
}

function dot(d: i32, a: usize, b: usize): f32 {
  let s0 = f32x4.splat(0)
  let s1 = f32x4.splat(0)
  const end = a + ((<usize>d) << 2)
  while (a < end) {
    s0 = f32x4.add(s0, f32x4.mul(v128.load(a), v128.load(b)))
    s1 = f32x4.add(s1, f32x4.mul(v128.load(a, 16), v128.load(b, 16)))
    a += 32
    b += 32
  }
  return sum4(f32x4.add(s0, s1))
}

/** y += x * factor. */
function axpy(d: i32, factor: f32, x: usize, y: usize): void {
  const f = f32x4.splat(factor)
  const end = x + ((<usize>d) << 2)
  while (x < end) {
    v128.store(y, f32x4.add(v128.load(y), f32x4.mul(f, v128.load(x))))
    x += 16
    y += 16
  }
}

/**
 * e^x to 2 units in the last place on [-50, 88]; 0 below -50, so that no gradient becomes a subnormal number, which
 * processors handle a hundred times slower. Range reduction by ln 2 in two parts, polynomial of Cephes' expf.
 */
function exp4(x: v128): v128 {
  const live = f32x4.gt(x, f32x4.splat(-50))
  const c = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-50)), f32x4.splat(88))
  // Adding 1.5 * 2^23 leaves the nearest integer in the low bits: rounding and conversion in one addition.
  const shifted = f32x4.add(f32x4.mul(c, f32x4.splat(<f32>Math.LOG2E)), f32x4.splat(12582912))
  const n = f32x4.sub(shifted, f32x4.splat(12582912))
  let r = f32x4.sub(c, f32x4.mul(n, f32x4.splat(0.693359375)))
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.1219444e-4)))
  let p = f32x4.splat(1.98756915e-4)
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1))
  p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(p, r), r), r), f32x4.splat(1))
  // n is below 2^8, so that shifting it into the exponent drops the bits of 1.5 * 2^23.
  const power = i32x4.add(i32x4.shl(shifted, 23), i32x4.splat(0x3f800000))
  return v128.and(f32x4.mul(p, power), live)
}

function exp1(x: f32): f32 {
  return f32x4.extract_lane(exp4(f32x4.splat(x)), 0)
}

/** exp of n values (a multiple of 4) in place: for tests. */
export function expInPlace(n: i32, x: usize): void {
  for (const end = x + ((<usize>n) << 2); x < end; x += 16) v128.store(x, exp4(v128.load(x)))
}

/**
 * C += A B, with C m*n, A m*k and B k*n; n is a multiple of 8. Element (i, j) of A lies at a + i*ai + j*ak, so that a
 * transpose costs nothing. B is read in panels of 8 columns: (j, c) lies at b + (c / 8)*bp + j*bk + (c % 8)*4; a
 * row-major B has bp = 32. Row i of C begins at c + i*ci. All strides in bytes.
 *
 * Tiles of 4*8 keep 8 accumulators, 2 values of B and 1 of A in the 16 vector registers.
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

/** The transpose of `rows` (a multiple of 8) rows of d values, as panels of 8 columns for `gemm`'s B. */
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

/** Y = M X for a sparse M in rows (offsets of rows + 1, cols, values) and X, Y of d columns. */
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

/** out[i] = table[index[i]], rows of d values. */
export function gather(n: i32, d: i32, index: usize, table: usize, out: usize): void {
  const bytes = (<usize>d) << 2
  for (let i = 0; i < n; i++) {
    memory.copy(out, table + <usize>load<u32>(index + ((<usize>i) << 2)) * bytes, bytes)
    out += bytes
  }
}

/** out[i] = table[index[i]] * mask[i]. */
export function gatherMasked(n: i32, d: i32, index: usize, table: usize, mask: usize, out: usize): void {
  const bytes = (<usize>d) << 2
  for (let i = 0; i < n; i++) {
    let from = table + <usize>load<u32>(index + ((<usize>i) << 2)) * bytes
    for (const end = out + bytes; out < end; out += 16) {
      v128.store(out, f32x4.mul(v128.load(from), v128.load(mask)))
      from += 16
      mask += 16
    }
  }
}

/** table[index[i]] += from[i] * mask[i]. */
export function scatterMasked(n: i32, d: i32, index: usize, from: usize, mask: usize, table: usize): void {
  const bytes = (<usize>d) << 2
  for (let i = 0; i < n; i++) {
    let to = table + <usize>load<u32>(index + ((<usize>i) << 2)) * bytes
    for (const end = from + bytes; from < end; from += 16) {
      v128.store(to, f32x4.add(v128.load(to), f32x4.mul(v128.load(from), v128.load(mask))))
      to += 16
      mask += 16
    }
  }
}

/** n values: 0 with probability `rate`, else 1 / (1 - rate). n is a multiple of 4; xorshift128, one stream a lane. */
export function dropoutMask(n: i32, rate: f32, seed: u32, out: usize): void {
  let x = i32x4(seed, seed ^ 0x9e3779b9, seed ^ 0x7f4a7c15, seed ^ 0x94d049bb)
  let y = i32x4.splat(362436069)
  let z = i32x4.splat(521288629)
  let w = i32x4(88675123, 12345, 777767777, 99991)
  const threshold = f32x4.splat(rate)
  const kept = f32x4.splat(1 / (1 - rate))
  for (let i = -64; i < n; i += 4) {
    let t = v128.xor(x, i32x4.shl(x, 11))
    t = v128.xor(t, i32x4.shr_u(t, 8))
    x = y
    y = z
    z = w
    w = v128.xor(v128.xor(w, i32x4.shr_u(w, 19)), t)
    // The first 16 rounds only stir the seed.
    if (i < 0) continue
    const u = f32x4.mul(f32x4.convert_i32x4_u(i32x4.shr_u(w, 8)), f32x4.splat(5.9604644775390625e-8))
    v128.store(out, v128.and(kept, f32x4.ge(u, threshold)))
    out += 16
  }
}

/**
 * The attention encoder (worker/session/attention.ts) for every prefix of every session of a batch.
 * Position p is an item and the prefix that ends with it. Session i holds positions starts[i] to starts[i + 1] - 1,
 * and its attention weights lie at alpha + 4 * alphaStarts[i], n rows of n.
 * @param x vectors of the positions; u = x A
 * @param gain additive logit of each position: ln(weight)
 * @param s out: unit session vectors; inverse: out: 1 / length before
 */
export function attentionForward(
  sessions: i32,
  d: i32,
  starts: usize,
  alphaStarts: usize,
  x: usize,
  u: usize,
  position: usize,
  positions: i32,
  gain: usize,
  alpha: usize,
  s: usize,
  inverse: usize,
): void {
  const bytes = (<usize>d) << 2
  for (let i = 0; i < sessions; i++) {
    const from = load<i32>(starts + ((<usize>i) << 2))
    const n = load<i32>(starts + ((<usize>(i + 1)) << 2)) - from
    const x0 = x + <usize>from * bytes
    for (let t = 0; t < n; t++) {
      const row = alpha + ((<usize>(load<i32>(alphaStarts + ((<usize>i) << 2)) + t * n)) << 2)
      const ut = u + <usize>(from + t) * bytes
      let highest: f32 = -Infinity
      for (let j = 0; j <= t; j++) {
        const a =
          dot(d, ut, x0 + <usize>j * bytes) +
          load<f32>(position + ((<usize>min(t - j, positions - 1)) << 2)) +
          load<f32>(gain + ((<usize>(from + j)) << 2))
        store<f32>(row + ((<usize>j) << 2), a)
        highest = max(highest, a)
      }
      let sum: f32 = 0
      for (let j = 0; j <= t; j++) {
        const at = row + ((<usize>j) << 2)
        const e = exp1(load<f32>(at) - highest)
        store<f32>(at, e)
        sum += e
      }
      const st = s + <usize>(from + t) * bytes
      memory.fill(st, 0, bytes)
      for (let j = 0; j <= t; j++) {
        const at = row + ((<usize>j) << 2)
        const w = load<f32>(at) / sum
        store<f32>(at, w)
        axpy(d, w, x0 + <usize>j * bytes, st)
      }
      const inv = <f32>1 / max(sqrt<f32>(dot(d, st, st)), <f32>1e-6)
      store<f32>(inverse + ((<usize>(from + t)) << 2), inv)
      for (let p = st; p < st + bytes; p += 16) v128.store(p, f32x4.mul(v128.load(p), f32x4.splat(inv)))
    }
  }
}

/**
 * Gradients of `attentionForward`: reads ds (of the unit session vectors; destroyed), adds to dx and dPosition,
 * writes du. `scratch` holds as many values as the longest session.
 */
export function attentionBackward(
  sessions: i32,
  d: i32,
  starts: usize,
  alphaStarts: usize,
  x: usize,
  u: usize,
  positions: i32,
  alpha: usize,
  s: usize,
  inverse: usize,
  ds: usize,
  dx: usize,
  du: usize,
  dPosition: usize,
  scratch: usize,
): void {
  const bytes = (<usize>d) << 2
  for (let i = 0; i < sessions; i++) {
    const from = load<i32>(starts + ((<usize>i) << 2))
    const n = load<i32>(starts + ((<usize>(i + 1)) << 2)) - from
    const x0 = x + <usize>from * bytes
    const dx0 = dx + <usize>from * bytes
    for (let t = 0; t < n; t++) {
      const row = alpha + ((<usize>(load<i32>(alphaStarts + ((<usize>i) << 2)) + t * n)) << 2)
      const at = <usize>(from + t) * bytes
      const g = ds + at
      // Through the normalisation: g = (ds - (ds . s) s) / length.
      const along = f32x4.splat(dot(d, g, s + at))
      const inv = f32x4.splat(load<f32>(inverse + ((<usize>(from + t)) << 2)))
      for (let o: usize = 0; o < bytes; o += 16) {
        const tangent = f32x4.sub(v128.load(g + o), f32x4.mul(along, v128.load(s + at + o)))
        v128.store(g + o, f32x4.mul(tangent, inv))
      }
      let mean: f32 = 0
      for (let j = 0; j <= t; j++) {
        const da = dot(d, g, x0 + <usize>j * bytes)
        store<f32>(scratch + ((<usize>j) << 2), da)
        mean += da * load<f32>(row + ((<usize>j) << 2))
      }
      const dut = du + at
      memory.fill(dut, 0, bytes)
      for (let j = 0; j <= t; j++) {
        const w = load<f32>(row + ((<usize>j) << 2))
        const da = w * (load<f32>(scratch + ((<usize>j) << 2)) - mean)
        const p = dPosition + ((<usize>min(t - j, positions - 1)) << 2)
        store<f32>(p, load<f32>(p) + da)
        axpy(d, da, x0 + <usize>j * bytes, dut)
        axpy(d, w, g, dx0 + <usize>j * bytes)
        axpy(d, da, u + at, dx0 + <usize>j * bytes)
      }
    }
  }
}

/** Every row of `out` (n rows of d values) becomes `row`. */
export function fillRows(n: i32, d: i32, row: usize, out: usize): void {
  const bytes = (<usize>d) << 2
  for (let i = 0; i < n; i++) memory.copy(out + <usize>i * bytes, row, bytes)
}

/** sum += the sum of n rows of d values. */
export function sumRows(n: i32, d: i32, rows: usize, sum: usize): void {
  const bytes = (<usize>d) << 2
  for (let i = 0; i < n; i++) axpy(d, 1, rows + <usize>i * bytes, sum)
}

/** out[index[i]] += rows[i], rows of d values. */
export function scatterAdd(n: i32, d: i32, index: usize, rows: usize, out: usize): void {
  const bytes = (<usize>d) << 2
  for (let i = 0; i < n; i++) {
    axpy(d, 1, rows + <usize>i * bytes, out + <usize>load<u32>(index + ((<usize>i) << 2)) * bytes)
  }
}

/** Scales each of n rows of d values to length 1. inverse: out: 1 / length before. */
export function normaliseRows(n: i32, d: i32, rows: usize, inverse: usize): void {
  const bytes = (<usize>d) << 2
  for (let i = 0; i < n; i++) {
    const inv = <f32>1 / max(sqrt<f32>(dot(d, rows, rows)), <f32>1e-6)
    store<f32>(inverse + ((<usize>i) << 2), inv)
    for (const end = rows + bytes; rows < end; rows += 16) {
      v128.store(rows, f32x4.mul(v128.load(rows), f32x4.splat(inv)))
    }
  }
}

/** Gradients of `normaliseRows`: g, of the unit rows s, becomes (g - (g . s) s) / length. */
export function normaliseRowsBackward(n: i32, d: i32, s: usize, inverse: usize, g: usize): void {
  const bytes = (<usize>d) << 2
  for (let i = 0; i < n; i++) {
    const along = f32x4.splat(dot(d, g, s))
    const inv = f32x4.splat(load<f32>(inverse + ((<usize>i) << 2)))
    for (const end = g + bytes; g < end; g += 16) {
      v128.store(g, f32x4.mul(f32x4.sub(v128.load(g), f32x4.mul(along, v128.load(s))), inv))
      s += 16
    }
  }
}

/** 1 / (1 + e^-x). Beyond 30 nothing changes but that products become subnormal numbers. */
function sigmoid4(x: v128): v128 {
  const c = f32x4.pmin(f32x4.pmax(f32x4.neg(x), f32x4.splat(-30)), f32x4.splat(30))
  return f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), exp4(c)))
}

/**
 * One step in time of n gated recurrent units of h values (worker/session/gru.ts).
 * @param input n rows of 3h: W x + b; out: the gates r, z, n
 * @param recurrent n rows of 3h: U h + c
 * @param gain n values: ln(weight)
 * @param before n rows of h: the states before; after: out: the states after
 */
export function gruForward(
  n: i32,
  h: i32,
  input: usize,
  recurrent: usize,
  gain: usize,
  before: usize,
  after: usize,
): void {
  const bytes = (<usize>h) << 2
  const one = f32x4.splat(1)
  const two = f32x4.splat(2)
  for (let i = 0; i < n; i++) {
    const stronger = f32x4.splat(load<f32>(gain + ((<usize>i) << 2)))
    for (let o: usize = 0; o < bytes; o += 16) {
      const ri = input + o
      const zi = ri + bytes
      const ni = zi + bytes
      const rh = recurrent + o
      const r = sigmoid4(f32x4.add(v128.load(ri), v128.load(rh)))
      const z = sigmoid4(f32x4.sub(f32x4.add(v128.load(zi), v128.load(rh + bytes)), stronger))
      const a = f32x4.add(v128.load(ni), f32x4.mul(r, v128.load(rh + 2 * bytes)))
      const c = f32x4.sub(f32x4.mul(two, sigmoid4(f32x4.mul(two, a))), one)
      v128.store(ri, r)
      v128.store(zi, z)
      v128.store(ni, c)
      v128.store(after + o, f32x4.add(c, f32x4.mul(z, f32x4.sub(v128.load(before + o), c))))
    }
    input += 3 * bytes
    recurrent += 3 * bytes
    before += bytes
    after += bytes
  }
}

/**
 * Gradients of `gruForward`, in the place of its arrays.
 * @param input the gates; out: gradients of W x + b
 * @param recurrent as before; out: gradients of U h + c
 * @param before the states before
 * @param dAfter gradients of the states after
 * @param dBefore adds what reaches the states before directly, not through U; 0 where nobody asks
 */
export function gruBackward(
  n: i32,
  h: i32,
  input: usize,
  recurrent: usize,
  before: usize,
  dAfter: usize,
  dBefore: usize,
): void {
  const bytes = (<usize>h) << 2
  const one = f32x4.splat(1)
  for (let i = 0; i < n; i++) {
    for (let o: usize = 0; o < bytes; o += 16) {
      const ri = input + o
      const zi = ri + bytes
      const ni = zi + bytes
      const rh = recurrent + o
      const r = v128.load(ri)
      const z = v128.load(zi)
      const c = v128.load(ni)
      const g = v128.load(dAfter + o)
      const kept = f32x4.mul(g, z)
      const dn = f32x4.mul(f32x4.sub(g, kept), f32x4.sub(one, f32x4.mul(c, c)))
      const dz = f32x4.mul(f32x4.mul(kept, f32x4.sub(one, z)), f32x4.sub(v128.load(before + o), c))
      const rest = f32x4.mul(r, f32x4.sub(one, r))
      const dr = f32x4.mul(f32x4.mul(dn, v128.load(rh + 2 * bytes)), rest)
      v128.store(ri, dr)
      v128.store(zi, dz)
      v128.store(ni, dn)
      v128.store(rh, dr)
      v128.store(rh + bytes, dz)
      v128.store(rh + 2 * bytes, f32x4.mul(dn, r))
      if (dBefore) v128.store(dBefore + o, f32x4.add(v128.load(dBefore + o), kept))
    }
    input += 3 * bytes
    recurrent += 3 * bytes
    before += bytes
    dAfter += bytes
    if (dBefore) dBefore += bytes
  }
}

/** Logit of a column that must not count. */
const NEVER: f32 = -1e30

/** Columns of a prediction's own candidates, behind the shared ones: its recent items and its target. */
const OWN: i32 = 16

/**
 * Logits of each prediction's own candidates, into the last 16 columns of its row, and NEVER for the same items among
 * the shared columns. `own` holds 16 local rows a prediction, -1 for none; local rows below `shared` are the shared
 * columns. Candidate e also gets extra[e] (the repeat term).
 */
export function ownForward(
  n: i32,
  d: i32,
  shared: i32,
  own: usize,
  s: usize,
  table: usize,
  bias: usize,
  extra: usize,
  logits: usize,
): void {
  const bytes = (<usize>d) << 2
  for (let p = 0; p < n; p++) {
    for (let e = 0; e < OWN; e++) {
      const local = load<i32>(own)
      own += 4
      const out = logits + ((<usize>(shared + e)) << 2)
      if (local < 0) {
        store<f32>(out, NEVER)
        continue
      }
      const l = dot(d, s, table + <usize>local * bytes)
      store<f32>(out, l + load<f32>(bias + ((<usize>local) << 2)) + load<f32>(extra + ((<usize>e) << 2)))
      if (local < shared) store<f32>(logits + ((<usize>local) << 2), NEVER)
    }
    s += bytes
    logits += (<usize>(shared + OWN)) << 2
  }
}

/** Gradients of `ownForward`: `logits` holds those of the logits; adds to ds, dTable, dBias, dExtra. */
export function ownBackward(
  n: i32,
  d: i32,
  shared: i32,
  own: usize,
  s: usize,
  table: usize,
  logits: usize,
  ds: usize,
  dTable: usize,
  dBias: usize,
  dExtra: usize,
): void {
  const bytes = (<usize>d) << 2
  for (let p = 0; p < n; p++) {
    for (let e = 0; e < OWN; e++) {
      const local = load<i32>(own)
      own += 4
      const g = load<f32>(logits + ((<usize>(shared + e)) << 2))
      if (local < 0 || g === 0) continue
      axpy(d, g, table + <usize>local * bytes, ds)
      axpy(d, g, s, dTable + <usize>local * bytes)
      const b = dBias + ((<usize>local) << 2)
      store<f32>(b, load<f32>(b) + g)
      const x = dExtra + ((<usize>e) << 2)
      store<f32>(x, load<f32>(x) + g)
    }
    s += bytes
    ds += bytes
    logits += (<usize>(shared + OWN)) << 2
  }
}

/**
 * Weighted cross-entropy over the shared and own columns; logits become their gradients.
 * @param offset added to the shared columns: bias and the correction for sampling
 * @param target column of each prediction's target
 * @param dOffset adds the gradient of `offset`
 * @param likelihood out: each target's probability (1 where the weight is 0)
 */
export function softmaxLoss(
  n: i32,
  shared: i32,
  logits: usize,
  offset: usize,
  target: usize,
  weight: usize,
  dOffset: usize,
  likelihood: usize,
): void {
  const sharedBytes = (<usize>shared) << 2
  const width = (<usize>(shared + OWN)) << 2
  for (let p = 0; p < n; p++, likelihood += 4) {
    const w = load<f32>(weight + ((<usize>p) << 2))
    if (w === 0) {
      store<f32>(likelihood, 1)
      memory.fill(logits, 0, width)
      logits += width
      continue
    }
    let highest = f32x4.splat(NEVER)
    for (let o: usize = 0; o < sharedBytes; o += 16) {
      const l = f32x4.add(v128.load(logits + o), v128.load(offset + o))
      v128.store(logits + o, l)
      highest = f32x4.pmax(highest, l)
    }
    for (let o = sharedBytes; o < width; o += 16) highest = f32x4.pmax(highest, v128.load(logits + o))
    const top = max(
      max(f32x4.extract_lane(highest, 0), f32x4.extract_lane(highest, 1)),
      max(f32x4.extract_lane(highest, 2), f32x4.extract_lane(highest, 3)),
    )
    const at = logits + ((<usize>load<i32>(target + ((<usize>p) << 2))) << 2)
    const shift = f32x4.splat(top)
    let sums = f32x4.splat(0)
    for (let o: usize = 0; o < width; o += 16) {
      const e = exp4(f32x4.sub(v128.load(logits + o), shift))
      v128.store(logits + o, e)
      sums = f32x4.add(sums, e)
    }
    const total = sum4(sums)
    store<f32>(likelihood, load<f32>(at) / total)
    const factor = f32x4.splat(w / total)
    for (let o: usize = 0; o < sharedBytes; o += 16) {
      const g = f32x4.mul(v128.load(logits + o), factor)
      v128.store(logits + o, g)
      v128.store(dOffset + o, f32x4.add(v128.load(dOffset + o), g))
    }
    for (let o = sharedBytes; o < width; o += 16) {
      v128.store(logits + o, f32x4.mul(v128.load(logits + o), factor))
    }
    store<f32>(at, load<f32>(at) - w)
    logits += width
  }
}

function adam4(
  w: usize,
  m: usize,
  v: usize,
  g: v128,
  rate: v128,
  root: v128,
  beta1: f32,
  beta2: f32,
  floor: v128,
): void {
  const m1 = f32x4.add(f32x4.mul(f32x4.splat(beta1), v128.load(m)), f32x4.mul(f32x4.splat(1 - beta1), g))
  const square = f32x4.add(f32x4.mul(g, g), floor)
  const v1 = f32x4.add(f32x4.mul(f32x4.splat(beta2), v128.load(v)), f32x4.mul(f32x4.splat(1 - beta2), square))
  v128.store(m, m1)
  v128.store(v, v1)
  const step = f32x4.div(f32x4.mul(rate, m1), f32x4.sqrt(f32x4.mul(v1, root)))
  v128.store(w, f32x4.sub(v128.load(w), step))
}

/**
 * Adam (Kingma, Ba 2015) on n values (a multiple of 4).
 * @param rate learning rate / (1 - beta1^t)
 * @param root 1 / (1 - beta2^t)
 * @param floor added to squared gradients: epsilon^2, and what keeps them out of the subnormal range
 */
export function adam(
  n: i32,
  w: usize,
  m: usize,
  v: usize,
  g: usize,
  rate: f32,
  root: f32,
  beta1: f32,
  beta2: f32,
  floor: f32,
): void {
  for (let o: usize = 0; o < (<usize>n) << 2; o += 16) {
    adam4(
      w + o,
      m + o,
      v + o,
      v128.load(g + o),
      f32x4.splat(rate),
      f32x4.splat(root),
      beta1,
      beta2,
      f32x4.splat(floor),
    )
  }
}

/**
 * Lazy Adam on unit rows: only the rows that the batch touched, along the sphere, and back to length 1. Row i of
 * `g` is the gradient of row index[i] of w; m and v lie like w.
 */
export function adamUnitRows(
  n: i32,
  d: i32,
  index: usize,
  w: usize,
  m: usize,
  v: usize,
  g: usize,
  rate: f32,
  root: f32,
  beta1: f32,
  beta2: f32,
  floor: f32,
): void {
  const bytes = (<usize>d) << 2
  for (let i = 0; i < n; i++) {
    const at = <usize>load<u32>(index + ((<usize>i) << 2)) * bytes
    const row = w + at
    const along = f32x4.splat(dot(d, g, row))
    for (let o: usize = 0; o < bytes; o += 16) {
      const tangent = f32x4.sub(v128.load(g + o), f32x4.mul(along, v128.load(row + o)))
      adam4(
        row + o,
        m + at + o,
        v + at + o,
        tangent,
        f32x4.splat(rate),
        f32x4.splat(root),
        beta1,
        beta2,
        f32x4.splat(floor),
      )
    }
    const inv = f32x4.splat(<f32>1 / sqrt<f32>(dot(d, row, row)))
    for (let o: usize = 0; o < bytes; o += 16) v128.store(row + o, f32x4.mul(v128.load(row + o), inv))
    g += bytes
  }
}

/** Lazy Adam on single values: g[i] is the gradient of w[index[i]]. */
export function adamValues(
  n: i32,
  index: usize,
  w: usize,
  m: usize,
  v: usize,
  g: usize,
  rate: f32,
  root: f32,
  beta1: f32,
  beta2: f32,
  floor: f32,
): void {
  for (let i = 0; i < n; i++) {
    const at = (<usize>load<u32>(index + ((<usize>i) << 2))) << 2
    const gradient = load<f32>(g + ((<usize>i) << 2))
    const m1 = beta1 * load<f32>(m + at) + (1 - beta1) * gradient
    const v1 = beta2 * load<f32>(v + at) + (1 - beta2) * (gradient * gradient + floor)
    store<f32>(m + at, m1)
    store<f32>(v + at, v1)
    store<f32>(w + at, load<f32>(w + at) - (rate * m1) / sqrt<f32>(v1 * root))
  }
}
