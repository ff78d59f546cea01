/** Dropout masks (Srivastava et al. 2014), the same for the same seed. */

/**
 * Writes n values (a multiple of 4): 0 with probability `rate`, else 1 / (1 - rate). The random numbers are
 * xorshift128, one stream for each of the four lanes.
 */
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
    // The first 16 rounds only mix the seed.
    if (i < 0) continue
    const u = f32x4.mul(f32x4.convert_i32x4_u(i32x4.shr_u(w, 8)), f32x4.splat(5.9604644775390625e-8))
    v128.store(out, v128.and(kept, f32x4.ge(u, threshold)))
    out += 16
  }
}
