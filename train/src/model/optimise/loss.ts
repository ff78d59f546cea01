/**
 * The softmax cross-entropy of the next item. Candidates are the shared negatives of the batch and each prediction's
 * own candidates: its ten most recent distinct items, which also get the repeat term, and its target. An item that is
 * among a prediction's own candidates is left out of its shared columns, so that nothing counts twice.
 *
 * Predictions are processed in blocks so small that their logits stay in the processor's cache.
 */
import { type Kernels, OWN } from '../../../kernels/kernels.js'
import type { Floats, Ints, Memory } from '../../../kernels/memory.js'

const BLOCK = 32
const TILE = 64

/**
 * A batch as the loss sees it. It numbers the items it touches: these local rows are the rows of `table`. The first
 * `shared` of them are the shared columns.
 */
export interface Predictions {
  count: number
  /** A multiple of 8. */
  shared: number
  /** count*dim: session vectors times the scale. `ds` (out) gets their gradients. */
  s: Floats
  ds: Floats
  /** Item vectors and biases by local row. Gradients are added to `dTable` and `dBias`. */
  table: Floats
  dTable: Floats
  bias: Floats
  dBias: Floats
  /** For each shared column: bias plus correction for sampling. */
  offset: Floats
  /** 16 candidates for each prediction: a local row, or -1 for none. */
  own: Ints
  /** Column of each target. */
  target: Ints
  weight: Floats
  /** 16 values: the repeat terms, then zeros. Gradients are added to `dExtra`. */
  extra: Floats
  dExtra: Floats
}

export class SampledSoftmax {
  private readonly logits
  private readonly panels
  private readonly likelihood

  /** @param shared the largest number of shared columns, a multiple of 8 */
  constructor(
    private readonly kernels: Kernels,
    memory: Memory,
    private readonly dim: number,
    shared: number,
  ) {
    this.logits = memory.floats(BLOCK * (shared + OWN))
    this.panels = memory.floats(shared * dim)
    this.likelihood = memory.floats(BLOCK)
  }

  /** Returns the sum of weight * -ln p(target), writes `ds` and adds to the other gradients of `p`. */
  run(p: Predictions): number {
    const { kernels, dim, logits, panels, likelihood } = this
    const row = dim * 4
    const width = (p.shared + OWN) * 4
    kernels.packPanels(p.shared, dim, p.table.at, panels.at)
    p.ds.data.fill(0, 0, p.count * dim)
    let loss = 0
    for (let from = 0; from < p.count; from += BLOCK) {
      const n = Math.min(BLOCK, p.count - from)
      const s = p.s.at + from * row
      const ds = p.ds.at + from * row
      const own = p.own.at + from * OWN * 4
      logits.data.fill(0, 0, n * (p.shared + OWN))
      kernels.gemm(n, p.shared, dim, s, row, 4, panels.at, 32, dim * 32, logits.at, width)
      kernels.ownForward(n, dim, p.shared, own, s, p.table.at, p.bias.at, p.extra.at, logits.at)
      kernels.softmaxLoss(
        n,
        p.shared,
        logits.at,
        p.offset.at,
        p.target.at + from * 4,
        p.weight.at + from * 4,
        p.dBias.at,
        likelihood.at,
      )
      for (let i = 0; i < n; i++) {
        const weight = p.weight.data[from + i]!
        if (weight > 0) loss -= weight * Math.log(Math.max(likelihood.data[i]!, 1e-30))
      }
      for (let column = 0; column < p.shared; column += TILE) {
        const tile = Math.min(TILE, p.shared - column)
        const g = logits.at + column * 4
        const v = column * row
        kernels.gemm(n, dim, tile, g, width, 4, p.table.at + v, row, 32, ds, row)
        kernels.gemm(tile, dim, n, g, 4, width, s, row, 32, p.dTable.at + v, row)
      }
      kernels.ownBackward(
        n,
        dim,
        p.shared,
        own,
        s,
        p.table.at,
        logits.at,
        ds,
        p.dTable.at,
        p.dBias.at,
        p.dExtra.at,
      )
    }
    return loss
  }
}
