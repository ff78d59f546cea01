/** The optimiser: Adam on dense arrays, and lazy Adam, which moves only the rows and values that a batch touched. */
import { dot } from './vector'

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
 * @param floor epsilon^2, added to squared gradients; it also keeps them out of the subnormal range
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
 * Lazy Adam on unit rows. Only the rows in `index` move: along the sphere, then back to length 1. Row i of `g` is the
 * gradient of row index[i] of w; m and v are laid out like w.
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
