/** Content-kNN: items by the squared cosine of their features and those of the last steps. It needs no history of an item. */
import type { Catalogue } from '../../train/src/data/catalogue.js'
import { featuresOf } from '../../worker/content/content-features.js'

/** Steps that it looks back, and how much each counts less than the next. */
const BACK = 3
const DECAY = 0.8

/** @returns the `top` best rows after these steps (rows) */
export function contentKnn(
  catalogue: Catalogue,
  size: number,
  top: number,
): (steps: readonly number[]) => number[] {
  const features = featuresOf(catalogue, size, [])
  const holders = new Map<string, number[]>()
  features.forEach((names, row) => {
    for (const name of names) {
      const rows = holders.get(name)
      if (rows) rows.push(row)
      else holders.set(name, [row])
    }
  })
  return (steps) => {
    const scores = new Map<number, number>()
    for (const [age, row] of steps.slice(-BACK).reverse().entries()) {
      const shared = new Map<number, number>()
      for (const name of features[row]!)
        for (const other of holders.get(name)!) shared.set(other, (shared.get(other) ?? 0) + 1)
      for (const [other, n] of shared) {
        const alike = n ** 2 / (features[row]!.length * features[other]!.length)
        scores.set(other, (scores.get(other) ?? 0) + DECAY ** age * alike)
      }
    }
    return [...scores]
      .sort((a, b) => b[1] - a[1] || a[0] - b[0])
      .slice(0, top)
      .map(([row]) => row)
  }
}
