/**
 * Calibration (Steck 2018): a list keeps the spread of the visitor's own interests over the values of an attribute. If two
 * thirds of what a visitor looked at were shoes, two thirds of the list should be too.
 */
import { lastOf } from '../feedback/last.js'
import { attributeOf, type Candidates, type RankContext } from '../rank/candidates.js'

/** The latest items of the visitor that are read. */
const MOST_READ = 50
/** The list's share of a value never counts as 0. */
const SMOOTHING = 0.01

export interface Spread {
  /** How much nearer to the visitor's spread the list comes by the i-th of the pool. */
  gain(i: number): number
  /** The i-th is in the list. */
  add(i: number): void
}

/** @returns undefined if nothing is known of the visitor's spread */
export function spreadOf(
  list: Candidates,
  context: RankContext,
  pool: readonly number[],
  name: string,
): Spread | undefined {
  const { catalog } = context.model
  const wanted = new Map<string, number>()
  const ids = new Set([
    ...context.evidence.steps.map(({ row }) => catalog.idOf(row)),
    ...lastOf(context.events).seen.keys(),
  ])
  for (const id of [...ids].slice(-MOST_READ)) {
    const row = catalog.rowOf(id)
    const value = row < 0 ? undefined : catalog.attribute(row, name)
    if (value !== undefined) wanted.set(String(value), (wanted.get(String(value)) ?? 0) + 1)
  }
  if (wanted.size === 0) return undefined
  const total = [...wanted.values()].reduce((sum, count) => sum + count, 0)
  const values = pool.map((place) => String(attributeOf(context, list, place, name)))
  const counts = new Map<string, number>()
  let length = 0
  /** The part of the Kullback-Leibler divergence that one value makes, without what does not change. */
  const part = (share: number, count: number, length: number) =>
    share * Math.log((1 - SMOOTHING) * (count / length) + SMOOTHING * share)
  return {
    gain(i) {
      const share = (wanted.get(values[i]!) ?? 0) / total
      const count = counts.get(values[i]!) ?? 0
      return share > 0 ? part(share, count + 1, length + 1) - part(share, count, length + 1) : 0
    },
    add(i) {
      counts.set(values[i]!, (counts.get(values[i]!) ?? 0) + 1)
      length++
    },
  }
}
