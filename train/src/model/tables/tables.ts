/**
 * The neighbour tables: of each item the items that people looked at around it (`session`, both directions) and right
 * after it (`next`, forward only). The blend weighs the two; shops differ in how much direction matters.
 */
import type { NeighbourTable } from '../../pack/content.js'
import type { PairRow } from './cooccurrence.js'

/** Neighbours kept of an item, at most. More cost bytes and gain nothing. */
const KEPT = { session: 20, next: 12 }
/** Distinct weights; 255 of them would cost twice the bytes and gain nothing either. */
const LEVELS = 15

export const TABLES = ['session', 'next'] as const

/** Collects rows of a table as `pairRows` delivers them. */
export class TableBuilder {
  private readonly offsets: Uint32Array
  private rows = new Uint32Array(1 << 16)
  private weights = new Uint8Array(1 << 16)
  private length = 0

  /**
   * @param k distinct people a pair must rest on
   * @param rare items that may not appear
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
    // Weights are stored as their square roots relative to the row's best: small shares keep their precision.
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

  /** After the last row. */
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

/** A weight relative to the best, in one byte. */
function codeOf(weight: number): number {
  return (Math.round(LEVELS * Math.sqrt(weight)) * 255) / LEVELS
}
