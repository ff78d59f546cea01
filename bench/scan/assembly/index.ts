/** The floor under every scan: read each byte once and add it up, as fast as WASM SIMD reads. */

/** Sum of `bytes` signed bytes (a multiple of 64) from `from` on. */
export function sum(from: usize, bytes: usize): i32 {
  const end = from + bytes
  let total = i32x4.splat(0)
  while (from < end) {
    // Sixteen-bit sums hold 60 rounds of at most 4 * 128 each.
    const stop = min(end, from + 64 * 60)
    let a = i16x8.splat(0)
    let b = a
    for (; from < stop; from += 64) {
      a = i16x8.add(a, i16x8.extadd_pairwise_i8x16_s(v128.load(from)))
      b = i16x8.add(b, i16x8.extadd_pairwise_i8x16_s(v128.load(from, 16)))
      a = i16x8.add(a, i16x8.extadd_pairwise_i8x16_s(v128.load(from, 32)))
      b = i16x8.add(b, i16x8.extadd_pairwise_i8x16_s(v128.load(from, 48)))
    }
    total = i32x4.add(total, i32x4.add(i32x4.extadd_pairwise_i16x8_s(a), i32x4.extadd_pairwise_i16x8_s(b)))
  }
  return (
    i32x4.extract_lane(total, 0) +
    i32x4.extract_lane(total, 1) +
    i32x4.extract_lane(total, 2) +
    i32x4.extract_lane(total, 3)
  )
}
