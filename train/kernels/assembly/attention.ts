/** The attention encoder (worker/session/attention.ts), forward and backward. */
import { exp1 } from './exp'
import { axpy, dot } from './vector'

/**
 * Encodes every prefix of every session of a batch. Position p stands for an item and for the prefix that ends with it.
 * Session i has the positions starts[i] to starts[i + 1] - 1. Its attention weights are n rows of n values at
 * alpha + 4 * alphaStarts[i].
 * @param x vectors of the positions; u = x A
 * @param position one value for each of `positions` distances, added to the logit; larger distances use the last
 * @param gain ln(weight) of each position, added to its logit
 * @param s out: unit session vectors
 * @param inverse out: 1 / their length before they were scaled to 1
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
 * Gradients of `attentionForward`. Reads ds, the gradients of the unit session vectors, and overwrites it. Adds to dx
 * and dPosition, and writes du. `scratch` has room for as many values as the longest session has positions.
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
      // Back through the scaling to length 1: g = (ds - (ds . s) s) / length.
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
