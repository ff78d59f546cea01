/** How alike items are by their features: of any item, those with a history that it is most alike. */

/** Items that one is compared with, at most: more change little. */
const NEAREST = 32
/** Features that fewer items with a history share are no evidence; those that a larger share of them has say nothing. */
const LEAST = 2
const MOST = 0.9
/** Items that are met for one, at most, about: its rarest features come first. */
const MET = 3000

/** The items with a history that one is most alike, itself left out. */
export interface Alike {
  rows: Uint32Array
  /** rows*rows: how alike they are to each other, 0 to 1. */
  kernel: Float64Array
  /** How alike each is to the item. */
  own: Float64Array
}

export class Likeness {
  /** Of each item the numbers of its features, the rarest first, which is by number. */
  private readonly features: Uint32Array[]
  /** Of each feature the items with a history that have it. */
  private readonly holders: Uint32Array[]
  /** How many features of the item in question each item shares: zeros between questions. */
  private readonly shared: Uint16Array

  /** @param rare 1 for items without a history, which are nobody's neighbours */
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

  /** Of those met the closest, which is few of many: they are found without sorting all. */
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

/** The square of the cosine of two sets, each ascending. */
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
