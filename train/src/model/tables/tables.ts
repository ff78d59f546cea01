/**
 * The neighbour tables. For each item they list the items that people looked at around it (`session`, both
 * directions) and soon after it (`next`, forward only). The blend weighs the two, because shops differ in how much
 * direction matters.
 */
import type { NeighbourTable } from '../../pack/content.js'
import type { PairRow } from './cooccurrence.js'

/** The most neighbours that an item keeps. More cost bytes and improve nothing. */
const KEPT = { session: 20, next: 12 }
/** How many distinct weights there are. 255 would cost twice the bytes and improve nothing. */
const LEVELS = 15

export const TABLES = ['session', 'next'] as const

/** Builds a table row by row, from the rows that `pairRows` gives. */
export class TableBuilder {
  private readonly offsets: Uint32Array
  private rows = new Uint32Array(1 << 16)
  private weights = new Uint8Array(1 << 16)
  private length = 0

  /**
   * @param k how many distinct people a pair must rest on
   * @param rare 1 for items that may not appear
   */
  constructor(
    private readonly name: (typeof TABLES)[number],
    items: number,
    private readonly k: number,
    private readonly rare: Uint8Array,
  ) {
    this.offsets = new Uint32Array(items + 1)
  }

  add(pairs: PairRow): void {
    const forward = this.name === 'next'
    const weights = forward ? pairs.next : pairs.both
    const people = forward ? pairs.peopleNext : pairs.people
    const kept: number[] = []
    if (!this.rare[pairs.row]) {
      for (let i = 0; i < pairs.count; i++) {
        if (weights[i]! > 0 && people[i]! >= this.k && !this.rare[pairs.others[i]!]) kept.push(i)
      }
    }
    kept.sort((a, b) => weights[b]! - weights[a]! || pairs.others[a]! - pairs.others[b]!)
    const best = kept.length > 0 ? weights[kept[0]!]! : 1
    // Weights are stored as square roots relative to the best in the row, so that small weights keep their precision.
    const coded = kept
      .slice(0, KEPT[this.name])
      .map((i) => ({ row: pairs.others[i]!, code: codeOf(weights[i]! / best) }))
      .filter(({ code }) => code > 0)
      .sort((a, b) => a.row - b.row)
    while (this.length + coded.length > this.rows.length) {
      this.rows = bigger(this.rows, new Uint32Array(this.rows.length * 2))
      this.weights = bigger(this.weights, new Uint8Array(this.weights.length * 2))
    }
    for (const { row, code } of coded) {
      this.rows[this.length] = row
      this.weights[this.length++] = code
    }
    this.offsets[pairs.row + 1] = this.length
  }

  /** The finished table. Call it after the last row. */
  table(): NeighbourTable {
    return {
      name: this.name,
      offsets: this.offsets,
      rows: this.rows.slice(0, this.length),
      weights: this.weights.slice(0, this.length),
    }
  }
}

function bigger<T extends Uint32Array | Uint8Array>(from: T, to: T): T {
  to.set(from)
  return to
}

/** One byte for a weight relative to the best one, 0 to 1. */
function codeOf(weight: number): number {
  return (Math.round(LEVELS * Math.sqrt(weight)) * 255) / LEVELS
}
