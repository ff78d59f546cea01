/** Operations on rows of a table: reading and adding by index, sums, and scaling to length 1, with their gradients. */
import { axpy, dot } from './vector'

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

/** out[index[i]] += rows[i], rows of d values. */
export function scatterAdd(n: i32, d: i32, index: usize, rows: usize, out: usize): void {
  const bytes = (<usize>d) << 2
  for (let i = 0; i < n; i++) {
    axpy(d, 1, rows + <usize>i * bytes, out + <usize>load<u32>(index + ((<usize>i) << 2)) * bytes)
  }
}

/** Copies `row` into every row of `out` (n rows of d values). */
export function fillRows(n: i32, d: i32, row: usize, out: usize): void {
  const bytes = (<usize>d) << 2
  for (let i = 0; i < n; i++) memory.copy(out + <usize>i * bytes, row, bytes)
}

/** sum += the sum of n rows of d values. */
export function sumRows(n: i32, d: i32, rows: usize, sum: usize): void {
  const bytes = (<usize>d) << 2
  for (let i = 0; i < n; i++) axpy(d, 1, rows + <usize>i * bytes, sum)
}

/**
 * Scales each of n rows of d values to length 1.
 * @param inverse out: 1 / the length of each row before
 */
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

/** Gradients of `normaliseRows`: g, the gradients of the unit rows s, becomes (g - (g . s) s) / length. */
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
