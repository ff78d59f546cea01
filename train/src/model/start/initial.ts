/**
 * The start of item vectors: the leading eigenvectors of the positive pointwise mutual information of the items'
 * co-occurrence (Levy, Goldberg 2014), found by randomised subspace iteration (Halko, Martinsson, Tropp 2011). On small
 * logs, starting from these instead of from noise is worth more than any other single choice.
 */
import type { Kernels } from '../../../kernels/kernels.js'
import type { Memory } from '../../../kernels/memory.js'
import { normal, random } from '../../maths/random.js'
import { orthonormalise, ritz } from '../../maths/subspace.js'
import type { Breath } from '../../running/breath.js'
import type { PairRow } from '../tables/cooccurrence.js'

/** Each row of the matrix keeps its ROW_LIMIT strongest entries, or fewer if all rows together would exceed ENTRIES. */
const ROW_LIMIT = 256
const ENTRIES = 1 << 25
const OVERSAMPLING = 16
const ITERATIONS = 4

/** Collects the co-occurrence matrix, row by row, as `pairRows` gives it. */
export class MutualInformation {
  private readonly offsets: Uint32Array
  private cols = new Uint32Array(1 << 16)
  private values = new Float32Array(1 << 16)
  private length = 0
  private readonly sums: Float64Array
  private readonly rowLimit: number

  constructor(
    private readonly items: number,
    private readonly rare: Uint8Array,
  ) {
    this.offsets = new Uint32Array(items + 1)
    this.sums = new Float64Array(items)
    this.rowLimit = Math.min(ROW_LIMIT, Math.ceil(ENTRIES / items))
  }

  add(pairs: PairRow): void {
    let kept: number[] = []
    if (!this.rare[pairs.row]) {
      for (let i = 0; i < pairs.count; i++) {
        const other = pairs.others[i]!
        if (other === pairs.row || this.rare[other]) continue
        kept.push(i)
        this.sums[pairs.row]! += pairs.plain[i]!
      }
    }
    if (kept.length > this.rowLimit) {
      kept.sort((a, b) => pairs.plain[b]! - pairs.plain[a]! || a - b)
      kept = kept.slice(0, this.rowLimit)
    }
    while (this.length + kept.length > this.cols.length) {
      const cols = new Uint32Array(this.cols.length * 2)
      const values = new Float32Array(this.cols.length * 2)
      cols.set(this.cols)
      values.set(this.values)
      this.cols = cols
      this.values = values
    }
    for (const i of kept) {
      this.cols[this.length] = pairs.others[i]!
      this.values[this.length++] = pairs.plain[i]!
    }
    this.offsets[pairs.row + 1] = this.length
  }

  /**
   * Writes unit vectors; items without information get random ones. Can be called only once, because it frees what was
   * collected.
   * @param memory for scratch arrays, which are never freed: use one of its own
   * @param out items*dim, row-major
   */
  async vectors(
    kernels: Kernels,
    memory: Memory,
    dim: number,
    seed: number,
    out: Float32Array,
    breath: Breath,
  ): Promise<void> {
    const { items, sums } = this
    let total = 0
    for (const sum of sums) total += sum
    let kept = 0
    const offsets = memory.ints(items + 1)
    const cols = memory.ints(this.length)
    const values = memory.floats(this.length)
    for (let row = 0; row < items; row++) {
      for (let e = this.offsets[row]!; e < this.offsets[row + 1]!; e++) {
        const col = this.cols[e]!
        const information = Math.log((this.values[e]! * total) / (sums[row]! * sums[col]!))
        if (!(information > 0)) continue
        cols.data[kept] = col
        values.data[kept++] = information
      }
      offsets.data[row + 1] = kept
    }
    // This is the largest data in training and no longer needed.
    this.cols = new Uint32Array()
    this.values = new Float32Array()

    const wide = dim + OVERSAMPLING
    let q = memory.floats(items * wide)
    let next = memory.floats(items * wide)
    const uniform = random(seed, 11)
    for (let i = 0; i < q.data.length; i++) q.data[i] = normal(uniform)
    const multiply = () => {
      kernels.sparseTimesDense(items, wide, offsets.at, cols.at, values.at, q.at, next.at)
    }
    for (let i = 0; i < ITERATIONS; i++) {
      multiply()
      const swap = q
      q = next
      next = swap
      // Twice, because in single precision one pass is not exact enough.
      for (let twice = 0; twice < 2; twice++) {
        orthonormalise(kernels, memory, q, next, items, wide)
        q.data.set(next.data)
        await breath.take()
      }
    }
    multiply()
    const { values: strengths, vectors } = ritz(kernels, memory, q, next, items, wide)
    const rotation = new Float64Array(wide * dim)
    for (let r = 0; r < wide; r++) {
      for (let c = 0; c < dim; c++) {
        rotation[r * dim + c] = vectors[r * wide + c]! * Math.sqrt(Math.abs(strengths[c]!))
      }
    }
    const row = new Float64Array(dim)
    for (let i = 0; i < items; i++) {
      row.fill(0)
      for (let r = 0; r < wide; r++) {
        const x = q.data[i * wide + r]!
        if (x === 0) continue
        for (let c = 0; c < dim; c++) row[c]! += x * rotation[r * dim + c]!
      }
      let square = 0
      for (const x of row) square += x * x
      if (!(square > 1e-12)) {
        for (let c = 0; c < dim; c++) row[c] = normal(uniform)
        square = row.reduce((sum, x) => sum + x * x, 0)
      }
      const inverse = 1 / Math.sqrt(square)
      for (let c = 0; c < dim; c++) out[i * dim + c] = row[c]! * inverse
    }
  }
}
