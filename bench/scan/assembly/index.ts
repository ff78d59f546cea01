/**
 * The floor under every scan: read each byte once and add it up, as fast as WASM SIMD reads. Four quarters at a time,
 * because the processor prefetches four streams better than one.
 */

/** The 64 bytes at `from` as sixteen-bit sums of eight. */
function sum64(from: usize): v128 {
  return i16x8.add(
    i16x8.add(
      i16x8.extadd_pairwise_i8x16_s(v128.load(from)),
      i16x8.extadd_pairwise_i8x16_s(v128.load(from, 16)),
    ),
    i16x8.add(
      i16x8.extadd_pairwise_i8x16_s(v128.load(from, 32)),
      i16x8.extadd_pairwise_i8x16_s(v128.load(from, 48)),
    ),
  )
}

/** Sum of `bytes` signed bytes (a multiple of 256) from `from` on. */
export function sum(from: usize, bytes: usize): i32 {
  const quarter = bytes >> 2
  const end = from + quarter
  let total = i32x4.splat(0)
  while (from < end) {
    // Sixteen bits hold 15 rounds of 16 bytes of at most 128 each.
    const stop = min(end, from + 64 * 15)
    let a = i16x8.splat(0)
    let b = a
    for (; from < stop; from += 64) {
      a = i16x8.add(a, i16x8.add(sum64(from), sum64(from + quarter)))
      b = i16x8.add(b, i16x8.add(sum64(from + 2 * quarter), sum64(from + 3 * quarter)))
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
