/**
 * How likely the item at each position of a list is looked at, from the shop's own logs: the position-based click model.
 *
 *     P(click on item i at position p) = propensity[p] * attraction[i]
 *
 * Both are found together from what was shown and clicked, as regression EM does (Wang et al. 2018, "Position bias estimation
 * for unbiased learning to rank in personal search"). Clicks are rare, so their counts are nearly Poisson, and the two sets of
 * equations are solved in turns:
 *
 *     propensity[p] = clicks at p / sum over what was shown there of its attraction
 *     attraction[i] = clicks on i / sum over where it was shown of the propensity
 *
 * Position and attraction can be told apart only where the same items stood at different positions (Agarwal et al. 2019,
 * "Estimating position bias without intrusive interventions"). Positions that no items link to the first one take the usual
 * bias, and so does the whole log where nothing is linked.
 */
import type { LoggedLists } from '../../data/lists.js'

export interface PositionBias {
  /** Of each position, relative to the first; Float64Array as long as the longest list. */
  propensity: Float64Array
  /** `own`: from this log; `usual`: the log cannot tell it. */
  from: 'own' | 'usual'
  /** For people: what it rests on, or why the log cannot tell it. */
  because: string
}

/**
 * Where a log cannot tell: (1 + row)^-USUAL. Published estimates of the exponent lie between .5 and 1 and more; too small a
 * correction is the lesser mistake. In a grid, people look along the rows.
 */
const USUAL = 0.5
/** Each position gets so many clicks more, as the usual bias would give them. */
const PRIOR_CLICKS = 5
/** An item links two positions if it was shown so often at both. */
const SHOWN = 2
const LEAST_CLICKS = 200
const ROUNDS = 200

/** @param grid items in a row of the shop's lists */
export function usualBias(positions: number, grid = 1): Float64Array {
  return Float64Array.from({ length: positions }, (_, p) => (1 + Math.floor(p / grid)) ** -USUAL)
}

/**
 * @param grid items in a row of the shop's lists
 * @param least fewer clicks in lists tell nothing
 */
export function positionBias(lists: LoggedLists, grid = 1, least = LEAST_CLICKS): PositionBias {
  const positions = lists.positions.reduce((most, p) => Math.max(most, p + 1), 0)
  const usual = usualBias(positions, grid)
  const cells = cellsOf(lists, positions)
  const clicks = cells.reduce((sum, { clicked }) => sum + clicked, 0)
  if (clicks < least) {
    return { propensity: usual, from: 'usual', because: `only ${clicks} clicks in lists` }
  }
  const linked = linkedTo(cells, positions)
  if (linked.size < 2) {
    return { propensity: usual, from: 'usual', because: 'each item always stood at the same position' }
  }
  const known = cells.filter(({ position }) => linked.has(position))
  const propensity = solve(known, lists.ids.length, usual)
  const [first] = [...linked].sort((a, b) => a - b) as [number]
  const scale = usual[first]! / propensity[first]!
  return {
    propensity: propensity.map((value, p) => (linked.has(p) ? value * scale : usual[p]!)),
    from: 'own',
    because: `${clicks} clicks, ${linked.size} of ${positions} positions`,
  }
}

/** For people. */
export function biasText({ propensity, from, because }: PositionBias): string {
  const some = [1, 4, 9, 19].filter((p) => p < propensity.length)
  const shares = some.map((p) => `${(100 * propensity[p]!).toFixed(0)} % at ${p + 1}`).join(', ')
  return from === 'own'
    ? `clicks in lists are weighted by position (${because}): of those who look at the first item, there look ${shares}`
    : `the log cannot tell how many people look at each position (${because}); clicks in lists are weighted by the usual ${shares}`
}

/** How often an item was shown at a position, and clicked there. */
interface Cell {
  item: number
  position: number
  shown: number
  clicked: number
}

function cellsOf({ items, positions, clicked }: LoggedLists, count: number): Cell[] {
  const cells = new Map<number, Cell>()
  for (let e = 0; e < items.length; e++) {
    const [item, position] = [items[e]!, positions[e]!]
    const key = item * count + position
    const cell = cells.get(key) ?? { item, position, shown: 0, clicked: 0 }
    cell.shown++
    cell.clicked += clicked[e]!
    cells.set(key, cell)
  }
  return [...cells.values()]
}

/** The positions that items link, directly or over others: the largest such set. */
function linkedTo(cells: readonly Cell[], positions: number): Set<number> {
  const parent = Int32Array.from({ length: positions }, (_, p) => p)
  const root = (p: number): number => {
    let at = p
    while (parent[at] !== at) at = parent[at]!
    return at
  }
  const firstOf = new Map<number, number>()
  for (const { item, position, shown } of cells) {
    if (shown < SHOWN) continue
    const first = firstOf.get(item)
    if (first === undefined) firstOf.set(item, position)
    else parent[root(position)] = root(first)
  }
  const sets = new Map<number, Set<number>>()
  for (const p of parent.keys()) sets.set(root(p), (sets.get(root(p)) ?? new Set()).add(p))
  return [...sets.values()].reduce((best, set) => (set.size > best.size ? set : best), new Set<number>())
}

function solve(cells: readonly Cell[], items: number, usual: Float64Array): Float64Array {
  const clicksAt = new Float64Array(usual.length)
  const clicksOn = new Float64Array(items)
  for (const { item, position, clicked } of cells) {
    clicksAt[position]! += clicked
    clicksOn[item]! += clicked
  }
  let propensity = usual
  for (let round = 0; round < ROUNDS; round++) {
    const exposure = new Float64Array(items)
    for (const { item, position, shown } of cells) exposure[item]! += shown * propensity[position]!
    const expected = new Float64Array(usual.length)
    for (const { item, position, shown } of cells) {
      if (exposure[item]! > 0) expected[position]! += (shown * clicksOn[item]!) / exposure[item]!
    }
    propensity = usual.map(
      (prior, p) => (clicksAt[p]! + PRIOR_CLICKS) / (expected[p]! + PRIOR_CLICKS / prior),
    )
  }
  return propensity
}
