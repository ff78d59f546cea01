/** Operations on one row of d values, used by all kernels. They are small enough for the compiler to inline. */

export function sum4(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) +
    f32x4.extract_lane(v, 1) +
    (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
  )
}

export function dot(d: i32, a: usize, b: usize): f32 {
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
export function axpy(d: i32, factor: f32, x: usize, y: usize): void {
  const f = f32x4.splat(factor)
  const end = x + ((<usize>d) << 2)
  while (x < end) {
    v128.store(y, f32x4.add(v128.load(y), f32x4.mul(f, v128.load(x))))
    x += 16
    y += 16
  }
}
