/**
 * The integer scan in WASM SIMD (AssemblyScript). It keeps no state: `../wasm.ts` lays out the memory and passes addresses.
 *
 * A query is i16, padded with zeros to a multiple of 16 values. Values read after the end of a row are multiplied by these
 * zeros and do not count. So rows need no padding and no alignment, for any `dim`.
 */

const NEVER: i64 = -(1 << 31)
const EXCLUDED = -128

/** The product of 16 dimensions, as four partial sums. */
function dot16(row: usize, x: v128, y: v128): v128 {
  return i32x4.add(
    i32x4.dot_i16x8_s(x, v128.load_ext<i8>(row)),
    i32x4.dot_i16x8_s(y, v128.load_ext<i8>(row, 8)),
  )
}

/** Inserts `key` into k keys in descending order; the last one drops out. */
function insert(keys: usize, k: u32, key: i64): void {
  let low: u32 = 0
  let high = k - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (load<i64>(keys + (middle << 3)) > key) low = middle + 1
    else high = middle
  }
  const place = keys + (low << 3)
  memory.copy(place + 8, place, (k - 1 - low) << 3)
  store<i64>(place, key)
}

/**
 * Writes the k >= 1 best rows as 64-bit keys in descending order. The high half of a key is the score, and the low half the
 * complement of the row. So one comparison orders by score, and equal scores by ascending row. Places without a row have the
 * score NEVER.
 *
 * It scans four rows at a time, one from each quarter of the catalogue. Adding up across the lanes costs little more for
 * four rows than for one, and the processor prefetches four streams at once. With one stream, a million rows take half as
 * long again.
 *
 * @param codes i8, row-major; readable 16 bytes beyond the last of the rows that `bias` has
 * @param bias i8, 4 * ceil(n / 4) of them, EXCLUDED beyond n
 * @param keys room for k keys and 16 bytes more
 */
export function topK(
  codes: usize,
  bias: usize,
  n: u32,
  dim: u32,
  query: usize,
  multiplier: i32,
  keys: usize,
  k: u32,
): void {
  const lanes = keys + (k << 3)
  const last = lanes - 8
  // The highest key that an excluded row could have. Every other row has a higher key.
  for (let key = keys; key < lanes; key += 8) store<i64>(key, (NEVER << 32) | 0xffffffff)

  const quarter = (n + 3) >> 2
  const apart = quarter * dim
  let threshold = i32x4.splat(NEVER as i32)
  for (let row: u32 = 0; row < quarter; row++) {
    let a = i32x4.splat(0)
    let b = a
    let c = a
    let d = a
    const first = codes + row * dim
    for (let at: u32 = 0; at < dim; at += 16) {
      const x = v128.load(query + 2 * at)
      const y = v128.load(query + 2 * at, 16)
      const from = first + at
      a = i32x4.add(a, dot16(from, x, y))
      b = i32x4.add(b, dot16(from + apart, x, y))
      c = i32x4.add(c, dot16(from + 2 * apart, x, y))
      d = i32x4.add(d, dot16(from + 3 * apart, x, y))
    }
    // Two rounds of transposing and adding. Then lane i of the sum belongs to quarter i.
    const ab = i32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7))
    const cd = i32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7))
    const sum = i32x4.add(v128.shuffle<i64>(ab, cd, 0, 2), v128.shuffle<i64>(ab, cd, 1, 3))

    const at = bias + row
    let biases = i32x4.splat(load<i8>(at))
    biases = i32x4.replace_lane(biases, 1, load<i8>(at + quarter))
    biases = i32x4.replace_lane(biases, 2, load<i8>(at + 2 * quarter))
    biases = i32x4.replace_lane(biases, 3, load<i8>(at + 3 * quarter))
    const score = v128.bitselect(
      i32x4.splat(NEVER as i32),
      i32x4.add(sum, i32x4.mul(biases, i32x4.splat(multiplier))),
      i32x4.eq(biases, i32x4.splat(EXCLUDED)),
    )

    // Equal to the threshold counts too: with equal scores the lower row wins, and the quarters are not in row order.
    if (v128.any_true(i32x4.ge_s(score, threshold))) {
      v128.store(lanes, score)
      for (let i: u32 = 0; i < 4; i++) {
        const key = ((load<i32>(lanes + (i << 2)) as i64) << 32) | (~(row + i * quarter) as i64)
        if (key > load<i64>(last)) insert(keys, k, key)
      }
      threshold = i32x4.splat(load<i32>(last, 4))
    }
  }
}

/** Replaces `count` row numbers (u32) with the scores of the rows (i32). Excluded or missing rows get NEVER. */
export function score(
  codes: usize,
  bias: usize,
  n: u32,
  dim: u32,
  query: usize,
  multiplier: i32,
  rows: usize,
  count: u32,
): void {
  const end = rows + (count << 2)
  for (let place = rows; place < end; place += 4) {
    const row = load<u32>(place)
    const own: i32 = row < n ? load<i8>(bias + row) : EXCLUDED
    let result = NEVER as i32
    if (own !== EXCLUDED) {
      let sum = i32x4.splat(0)
      const first = codes + row * dim
      for (let at: u32 = 0; at < dim; at += 16) {
        sum = i32x4.add(sum, dot16(first + at, v128.load(query + 2 * at), v128.load(query + 2 * at, 16)))
      }
      result =
        i32x4.extract_lane(sum, 0) +
        i32x4.extract_lane(sum, 1) +
        i32x4.extract_lane(sum, 2) +
        i32x4.extract_lane(sum, 3) +
        own * multiplier
    }
    store<i32>(place, result)
  }
}
