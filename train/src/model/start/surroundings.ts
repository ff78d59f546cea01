/** Start vectors for items that an earlier training had no vector for. */
import type { Random } from '../../maths/random.js'
import { normal } from '../../maths/random.js'
import type { PairRow } from '../tables/cooccurrence.js'
import type { ParentItems } from './parent-items.js'

/**
 * Places each new item in the middle of the known items that it shares sessions with. Reads pairs as `pairRows` gives
 * them.
 */
export class Surroundings {
  private readonly sums: Map<number, Float64Array> = new Map()

  constructor(
    private readonly earlier: Pick<ParentItems, 'vectors' | 'own'>,
    private readonly rare: Uint8Array,
    private readonly dim: number,
  ) {}

  add({ row, count, others, plain }: PairRow): void {
    const { earlier, rare, dim } = this
    if (earlier.own[row] || rare[row]) return
    const sum = new Float64Array(dim)
    for (let i = 0; i < count; i++) {
      const other = others[i]!
      if (!earlier.own[other]) continue
      for (let d = 0; d < dim; d++) sum[d]! += plain[i]! * earlier.vectors[other * dim + d]!
    }
    this.sums.set(row, sum)
  }

  /** Writes unit vectors. Items that share sessions with no known item get random ones. */
  place(vectors: Float32Array, uniform: Random): void {
    for (const [row, sum] of this.sums) {
      if (!(Math.hypot(...sum) > 1e-6)) for (let d = 0; d < this.dim; d++) sum[d] = normal(uniform)
      const length = Math.hypot(...sum)
      for (let d = 0; d < this.dim; d++) vectors[row * this.dim + d] = sum[d]! / length
    }
  }
}
