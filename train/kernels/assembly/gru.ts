/** One time step of the GRU encoder (worker/session/gru.ts; Cho et al. 2014), forward and backward. */
import { sigmoid4 } from './exp'

/**
 * One time step of n sessions, each with a state of h values.
 * @param input n rows of 3h values: W x + b; overwritten with the gates r, z, n
 * @param recurrent n rows of 3h values: U h + c
 * @param gain n values: ln(weight)
 * @param before n rows of h values: the states before
 * @param after out: n rows of h values, the states after
 */
export function gruForward(
  n: i32,
  h: i32,
  input: usize,
  recurrent: usize,
  gain: usize,
  before: usize,
  after: usize,
): void {
  const bytes = (<usize>h) << 2
  const one = f32x4.splat(1)
  const two = f32x4.splat(2)
  for (let i = 0; i < n; i++) {
    const stronger = f32x4.splat(load<f32>(gain + ((<usize>i) << 2)))
    for (let o: usize = 0; o < bytes; o += 16) {
      const ri = input + o
      const zi = ri + bytes
      const ni = zi + bytes
      const rh = recurrent + o
      const r = sigmoid4(f32x4.add(v128.load(ri), v128.load(rh)))
      const z = sigmoid4(f32x4.sub(f32x4.add(v128.load(zi), v128.load(rh + bytes)), stronger))
      const a = f32x4.add(v128.load(ni), f32x4.mul(r, v128.load(rh + 2 * bytes)))
      const c = f32x4.sub(f32x4.mul(two, sigmoid4(f32x4.mul(two, a))), one)
      v128.store(ri, r)
      v128.store(zi, z)
      v128.store(ni, c)
      v128.store(after + o, f32x4.add(c, f32x4.mul(z, f32x4.sub(v128.load(before + o), c))))
    }
    input += 3 * bytes
    recurrent += 3 * bytes
    before += bytes
    after += bytes
  }
}

/**
 * Gradients of `gruForward`. They overwrite its arrays.
 * @param input the gates; overwritten with the gradients of W x + b
 * @param recurrent as in `gruForward`; overwritten with the gradients of U h + c
 * @param before the states before
 * @param dAfter gradients of the states after
 * @param dBefore the gradients that reach the states before directly, not through U, are added here; 0 to skip this
 */
export function gruBackward(
  n: i32,
  h: i32,
  input: usize,
  recurrent: usize,
  before: usize,
  dAfter: usize,
  dBefore: usize,
): void {
  const bytes = (<usize>h) << 2
  const one = f32x4.splat(1)
  for (let i = 0; i < n; i++) {
    for (let o: usize = 0; o < bytes; o += 16) {
      const ri = input + o
      const zi = ri + bytes
      const ni = zi + bytes
      const rh = recurrent + o
      const r = v128.load(ri)
      const z = v128.load(zi)
      const c = v128.load(ni)
      const g = v128.load(dAfter + o)
      const kept = f32x4.mul(g, z)
      const dn = f32x4.mul(f32x4.sub(g, kept), f32x4.sub(one, f32x4.mul(c, c)))
      const dz = f32x4.mul(f32x4.mul(kept, f32x4.sub(one, z)), f32x4.sub(v128.load(before + o), c))
      const rest = f32x4.mul(r, f32x4.sub(one, r))
      const dr = f32x4.mul(f32x4.mul(dn, v128.load(rh + 2 * bytes)), rest)
      v128.store(ri, dr)
      v128.store(zi, dz)
      v128.store(ni, dn)
      v128.store(rh, dr)
      v128.store(rh + bytes, dz)
      v128.store(rh + 2 * bytes, f32x4.mul(dn, r))
      if (dBefore) v128.store(dBefore + o, f32x4.add(v128.load(dBefore + o), kept))
    }
    input += 3 * bytes
    recurrent += 3 * bytes
    before += bytes
    dAfter += bytes
    if (dBefore) dBefore += bytes
  }
}
