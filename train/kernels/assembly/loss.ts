/**
 * The training loss: the softmax cross-entropy of each prediction over two kinds of columns. The shared columns are the
 * same for the whole batch (sampled items, or the whole catalogue). A prediction's own columns carry the repeat term.
 */
import { exp4 } from './exp'
import { axpy, dot, sum4 } from './vector'

/** Logit of a column that must not count. */
const NEVER: f32 = -1e30

/** Columns for a prediction's own candidates, behind the shared columns: its recent items and its target. */
const OWN: i32 = 16

/**
 * Writes the logits of each prediction's own candidates into the last 16 columns of its row, and NEVER into the
 * shared columns of the same items. `own` holds 16 local rows for each prediction, -1 for none. Local rows below
 * `shared` are the shared columns. Candidate e also gets extra[e] (the repeat term).
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

/**
 * Gradients of `ownForward`: reads the gradients of the logits from `logits`, and adds to ds, dTable, dBias, dExtra.
 */
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
 * The weighted cross-entropy over the shared and the own columns. Logits are overwritten with their gradients.
 * @param offset added to the shared columns: bias and the correction for sampling
 * @param target the column of each prediction's target
 * @param dOffset the gradient of `offset` is added here
 * @param likelihood out: the probability of each target (1 if the weight is 0)
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
