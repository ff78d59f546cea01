/** e^x and the sigmoid, four values at once. All softmaxes and gates here are as accurate as these. */

/**
 * e^x, accurate to 2 units in the last place on [-50, 88]. Below -50 it is 0, so that no gradient becomes a subnormal
 * number: processors handle those a hundred times slower. The range is reduced by ln 2 in two parts; the polynomial
 * is that of Cephes' expf.
 */
export function exp4(x: v128): v128 {
  const live = f32x4.gt(x, f32x4.splat(-50))
  const c = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-50)), f32x4.splat(88))
  // Adding 1.5 * 2^23 leaves the nearest integer in the low bits. One addition rounds and converts.
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
  // n is below 2^8, so shifting it into the exponent drops the bits of 1.5 * 2^23.
  const power = i32x4.add(i32x4.shl(shifted, 23), i32x4.splat(0x3f800000))
  return v128.and(f32x4.mul(p, power), live)
}

export function exp1(x: f32): f32 {
  return f32x4.extract_lane(exp4(f32x4.splat(x)), 0)
}

/** exp of n values (a multiple of 4), in place. For tests. */
export function expInPlace(n: i32, x: usize): void {
  for (const end = x + ((<usize>n) << 2); x < end; x += 16) v128.store(x, exp4(v128.load(x)))
}

/**
 * 1 / (1 + e^-x). x is limited to [-30, 30]: larger values would change nothing but make products subnormal numbers.
 */
export function sigmoid4(x: v128): v128 {
  const c = f32x4.pmin(f32x4.pmax(f32x4.neg(x), f32x4.splat(-30)), f32x4.splat(30))
  return f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), exp4(c)))
}
