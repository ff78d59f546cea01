/** Similarity of items by their features: for any item, the most similar items with a history. */

/** How many similar items are used at most. More would change little. */
const NEAREST = 32
/**
 * A feature counts only if at least LEAST items with a history have it, since fewer are no evidence. If more than the
 * share MOST of them has it, it does not distinguish items and does not count either.
 */
const LEAST = 2
const MOST = 0.9
/** About how many items are looked at for one item. The rarest features are followed first. */
const MET = 3000

/** The items with a history that are most similar to one item, without the item itself. */
export interface Alike {
  rows: Uint32Array
  /** rows*rows, row-major: their similarity to each other, 0 to 1. */
  kernel: Float64Array
  /** The similarity of each to the item, 0 to 1. */
  own: Float64Array
}

export class Likeness {
  /** For each item, the numbers of its features, ascending. Rarer features have smaller numbers, so they come first. */
  private readonly features: Uint32Array[]
  /** For each feature, the items with a history that have it. */
  private readonly holders: Uint32Array[]
  /** For each item, how many features it shares with the item that `to` works on. All zeros between calls. */
  private readonly shared: Uint16Array

  /**
   * @param names each item's features
   * @param rare 1 for items without a history: they are never among the similar items
   */
  constructor(names: readonly string[][], rare: Uint8Array) {
    const holders = new Map<string, number[]>()
    let known = 0
    names.forEach((own, row) => {
      if (rare[row]) return
      known++
      for (const name of own) {
        const rows = holders.get(name)
        if (rows) rows.push(row)
        else holders.set(name, [row])
      }
    })
    const telling = [...holders].filter(([, { length }]) => length >= LEAST && length <= MOST * known)
    telling.sort((a, b) => a[1].length - b[1].length || (a[0] < b[0] ? -1 : 1))
    const numbers = new Map(telling.map(([name], number) => [name, number]))
    this.holders = telling.map(([, rows]) => Uint32Array.from(rows))
    this.features = names.map((own) =>
      Uint32Array.from(own.map((name) => numbers.get(name) ?? -1).filter((number) => number >= 0)).sort(),
    )
    this.shared = new Uint16Array(names.length)
  }

  /** The items that are most similar to this one. */
  to(row: number): Alike {
    const { features, holders, shared } = this
    const met: number[] = []
    let room = MET
    for (const feature of features[row]!) {
      const rows = holders[feature]!
      if (met.length > 0 && rows.length > room) break
      const stride = Math.ceil(rows.length / MET)
      for (let i = 0; i < rows.length; i += stride) {
        if (rows[i] !== row && shared[rows[i]!]!++ === 0) met.push(rows[i]!)
      }
      room -= rows.length
    }
    const rows = Uint32Array.from(this.nearest(met))
    for (const other of met) shared[other] = 0
    const n = rows.length
    const kernel = new Float64Array(n * n)
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++)
        kernel[i * n + j] = kernel[j * n + i] = alike(features[rows[i]!]!, features[rows[j]!]!)
    }
    return { rows, kernel, own: Float64Array.from(rows, (other) => alike(features[row]!, features[other]!)) }
  }

  /** The closest of the items met. Only few are kept of many, so they are found without sorting all. */
  private nearest(met: readonly number[]): number[] {
    const found: { row: number; closeness: number }[] = []
    for (const row of met) {
      const closeness = this.shared[row]! ** 2 / this.features[row]!.length
      if (found.length === NEAREST) {
        if (closeness <= found[NEAREST - 1]!.closeness) continue
        found.pop()
      }
      let at = found.length
      while (at > 0 && found[at - 1]!.closeness < closeness) at--
      found.splice(at, 0, { row, closeness })
    }
    return found.map(({ row }) => row)
  }
}

/** The squared cosine of two sets of numbers, each in ascending order. */
function alike(a: Uint32Array, b: Uint32Array): number {
  let both = 0
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const difference = a[i]! - b[j]!
    if (difference === 0) both++
    if (difference <= 0) i++
    if (difference >= 0) j++
  }
  return both ** 2 / (a.length * b.length)
}
