/** The training kernels of `assembly/`, for use with a shared memory. Their arguments are explained there. */
import base64 from './assembly/index.wasm'
import type { Memory } from './memory.js'

/** Columns for a prediction's own candidates, behind the shared columns: ten recent items, its target, padding. */
export const OWN = 16

// biome-ignore format: one kernel a line reads best.
export interface Kernels {
  expInPlace(n: number, x: number): void
  gemm(m: number, n: number, k: number, a: number, ai: number, ak: number, b: number, bk: number, bp: number, c: number, ci: number): void
  packPanels(rows: number, d: number, from: number, to: number): void
  sparseTimesDense(rows: number, d: number, offsets: number, cols: number, values: number, x: number, y: number): void
  gather(n: number, d: number, index: number, table: number, out: number): void
  gatherMasked(n: number, d: number, index: number, table: number, mask: number, out: number): void
  scatterMasked(n: number, d: number, index: number, from: number, mask: number, table: number): void
  dropoutMask(n: number, rate: number, seed: number, out: number): void
  attentionForward(sessions: number, d: number, starts: number, alphaStarts: number, x: number, u: number, position: number, positions: number, gain: number, alpha: number, s: number, inverse: number): void
  attentionBackward(sessions: number, d: number, starts: number, alphaStarts: number, x: number, u: number, positions: number, alpha: number, s: number, inverse: number, ds: number, dx: number, du: number, dPosition: number, scratch: number): void
  fillRows(n: number, d: number, row: number, out: number): void
  sumRows(n: number, d: number, rows: number, sum: number): void
  scatterAdd(n: number, d: number, index: number, rows: number, out: number): void
  normaliseRows(n: number, d: number, rows: number, inverse: number): void
  normaliseRowsBackward(n: number, d: number, s: number, inverse: number, g: number): void
  gruForward(n: number, h: number, input: number, recurrent: number, gain: number, before: number, after: number): void
  gruBackward(n: number, h: number, input: number, recurrent: number, before: number, dAfter: number, dBefore: number): void
  ownForward(n: number, d: number, shared: number, own: number, s: number, table: number, bias: number, extra: number, logits: number): void
  ownBackward(n: number, d: number, shared: number, own: number, s: number, table: number, logits: number, ds: number, dTable: number, dBias: number, dExtra: number): void
  softmaxLoss(n: number, shared: number, logits: number, offset: number, target: number, weight: number, dOffset: number, likelihood: number): void
  adam(n: number, w: number, m: number, v: number, g: number, rate: number, root: number, beta1: number, beta2: number, floor: number): void
  adamUnitRows(n: number, d: number, index: number, w: number, m: number, v: number, g: number, rate: number, root: number, beta1: number, beta2: number, floor: number): void
  adamValues(n: number, index: number, w: number, m: number, v: number, g: number, rate: number, root: number, beta1: number, beta2: number, floor: number): void
}

let compiled: WebAssembly.Module | undefined

/** The kernels over this memory. Each thread makes its own instance; the module is compiled once for each thread. */
export function instantiate(memory: Memory): Kernels {
  compiled ??= new WebAssembly.Module(Buffer.from(base64, 'base64'))
  const instance = new WebAssembly.Instance(compiled, {
    env: { memory: memory.wasm },
  })
  return instance.exports as unknown as Kernels
}
