/** Qualities of the recommended lists other than accuracy. */
import type { Catalog } from '../../../../worker/catalog/catalog.js'
import { dot, normalise } from '../../../../worker/compute/vector.js'
import { type AtK, atEach } from './metrics.js'

export interface ListFigures {
  /** Share of the pack's items that are in at least one list. */
  coverage: AtK
  /**
   * Mean of 1 - cosine over the pairs of a list, by item vectors (Ziegler et al. 2005). 0 means that all items are
   * alike.
   */
  diversity: number
  /** Mean of -log2 of an item's share of all popularity, in bits (Zhou et al. 2010). */
  novelty: number
  /**
   * Mean popularity of recommended items, divided by that of the items that came next. Above 1, lists favour popular
   * items.
   */
  popularityBias: number
  /**
   * Lists that were right and not obvious: the mean over all predictions of 1 - the highest cosine of the next item with an
   * item of the visit so far, where the list has it; 0 for a miss and for an item seen before (after Ge et al. 2010).
   */
  serendipity: number
  /**
   * Mean cosine of recommended items with those of the visit so far, divided by that of the items that came next. Above 1,
   * lists keep visitors closer to what they have seen than visitors stay by themselves.
   */
  filterBubble: number
}

export class Lists {
  private readonly covered: Uint8Array[]
  private readonly total: number
  private pairs = { sum: 0, lists: 0 }
  private shown = { items: 0, novelty: 0, popularity: 0 }
  private wanted = { items: 0, popularity: 0 }
  private lists = 0
  private surprise = 0
  /** Sums of mean cosines with the visit so far. */
  private near = { shown: 0, shownItems: 0, wanted: 0, wantedItems: 0 }

  constructor(
    private readonly catalog: Catalog,
    private readonly ks: readonly number[],
  ) {
    this.covered = ks.map(() => new Uint8Array(catalog.size))
    let total = 0
    for (let row = 0; row < catalog.size; row++) total += catalog.popularity(row)
    this.total = total
  }

  /** @param seen rows of the visit so far */
  add(rows: Uint32Array, target: number, seen: readonly number[] = []): void {
    const { catalog } = this
    for (const [i, k] of this.ks.entries()) for (const row of rows.subarray(0, k)) this.covered[i]![row] = 1
    for (const row of rows) {
      const popularity = catalog.popularity(row)
      this.shown.items++
      this.shown.popularity += popularity
      // Add one to each count, so that an item without a count has a finite novelty.
      this.shown.novelty -= Math.log2((popularity + 1) / (this.total + catalog.size))
    }
    if (target >= 0) {
      this.wanted.items++
      this.wanted.popularity += catalog.popularity(target)
    }
    this.addPairs(rows)
    this.addVisit(rows, target, seen)
  }

  figures(): ListFigures {
    const { shown, wanted, near, pairs, ks, catalog } = this
    const usual = wanted.popularity / Math.max(1, wanted.items)
    return {
      coverage: atEach(ks, (k) => sum(this.covered[ks.indexOf(k)]!) / catalog.size),
      diversity: pairs.lists > 0 ? pairs.sum / pairs.lists : 0,
      novelty: shown.items > 0 ? shown.novelty / shown.items : 0,
      popularityBias: shown.items > 0 && usual > 0 ? shown.popularity / shown.items / usual : 0,
      serendipity: this.lists > 0 ? this.surprise / this.lists : 0,
      filterBubble: near.wanted > 0 ? near.shown / near.shownItems / (near.wanted / near.wantedItems) : 0,
    }
  }

  private addVisit(rows: Uint32Array, target: number, seen: readonly number[]): void {
    this.lists++
    if (seen.length === 0) return
    const visit = seen.map((row) => this.unit(row))
    const middle = visit[0]!.map((_, d) => visit.reduce((sum, vector) => sum + vector[d]!, 0) / visit.length)
    const { near } = this
    for (const row of rows) near.shown += dot(this.unit(row), middle)
    near.shownItems += rows.length
    if (target < 0) return
    const wanted = this.unit(target)
    near.wanted += dot(wanted, middle)
    near.wantedItems++
    if (rows.includes(target) && !seen.includes(target))
      this.surprise += 1 - Math.max(...visit.map((vector) => dot(wanted, vector)))
  }

  /** The item's direction; zeros where it has none. */
  private unit(row: number): Float64Array {
    const { codes, dim } = this.catalog
    const vector = Float64Array.from(codes.subarray(row * dim, (row + 1) * dim))
    return normalise(vector) ?? vector
  }

  /** The cosines of all pairs of n unit vectors sum to (|sum of the vectors|^2 - n) / 2. */
  private addPairs(rows: Uint32Array): void {
    const { codes, dim } = this.catalog
    const together = new Float64Array(dim)
    let n = 0
    for (const row of rows) {
      const vector = codes.subarray(row * dim, (row + 1) * dim)
      let square = 0
      for (const x of vector) square += x * x
      if (square === 0) continue
      n++
      const inverse = 1 / Math.sqrt(square)
      for (let d = 0; d < dim; d++) together[d] = together[d]! + vector[d]! * inverse
    }
    if (n < 2) return
    let square = 0
    for (const x of together) square += x * x
    this.pairs.sum += 1 - (square - n) / (n * (n - 1))
    this.pairs.lists++
  }
}

function sum(flags: Uint8Array): number {
  let count = 0
  for (const flag of flags) count += flag
  return count
}
