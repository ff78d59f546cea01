/** The section "Never worse than the server" of docs/ranking.md. */
import { count, decimals, table } from '../pages/table.js'

/** NDCG@10, as `nearside evaluate --task rank --json` prints it. */
interface Cell {
  predictions: number
  server: number
  seenFirst: number
  nearside: number
  oracle: number
  ci95: [number, number]
  scored?: { nearside: number }
}

export interface Measured {
  sources: Record<string, Record<string, Cell>>
  below: string[]
  sampled: boolean
  sessions: number
}

const NAMES: Record<string, string> = {
  'item-knn': 'item-kNN of the last event',
  stale: 'stale model',
  popularity: 'popularity',
  category: 'category page',
}
const LENGTHS = ['1', '2', '3', '5']
const ndcg = decimals(3)
const percent = (share: number) => `${share < 0 ? '' : '+'}${(100 * share).toFixed(1)} %`

/** @param known by data set and k, as `uci-clickstream 3` */
export function rankSection(known: Readonly<Record<string, Measured>>): string {
  const measured = Object.entries(known).sort()
  const below = measured.flatMap(([name, { below }]) => below.map((cell) => `${name}: ${cell}`))
  const sampled = measured.flatMap(([name, { sampled, sessions }]) =>
    sampled ? `${name.replace(' ', ', k = ')}: ${count(sessions)} sessions` : [],
  )
  return `NDCG@10 of the server's order → ours, where the visit has had t events and the next one is looked for; an item that the list
lacks counts 0. Each list has 200 candidates.${sampled.length > 0 ? ` Of some test sets a random sample was asked about (${sampled.join('; ')}).` : ''}

${table(
  ['data set, k', 'lists', ...LENGTHS.map((t) => `t = ${t}`)],
  rows(measured, ['item-knn', 'stale'], (cells) => LENGTHS.map((t) => arrow(cells[t]))),
  2,
)}

All visits that have begun (t > 0). _Seen first_ is the server's order with the items of this visit in front, the latest first. _New_ are next items
that the visit has not seen.

${table(
  [
    'data set, k',
    'lists',
    'server',
    'seen first',
    'ours',
    'over server',
    '95 %',
    'over better',
    'new',
    'oracle',
  ],
  rows(measured, Object.keys(NAMES), ({ pooled, pooledNew }) =>
    pooled
      ? [
          ndcg(pooled.server),
          ndcg(pooled.seenFirst),
          `**${ndcg(pooled.nearside)}**`,
          percent(pooled.nearside / pooled.server - 1),
          `${signed(pooled.ci95[0])} to ${signed(pooled.ci95[1])}`,
          percent(pooled.nearside / Math.max(pooled.server, pooled.seenFirst) - 1),
          arrow(pooledNew),
          ndcg(pooled.oracle),
        ]
      : [],
  ),
  2,
)}

${below.length > 0 ? `Worse than the server for certain (95 %): ${below.join('; ')}.` : 'No cell lies below the server for certain (95 %), whatever the list.'}

Written by \`npm --prefix bench run ranking -- FOLDER --purpose WORDS\`.`
}

function rows(
  measured: [string, Measured][],
  lists: string[],
  cellsOf: (cells: Record<string, Cell>) => string[],
): string[][] {
  return measured.flatMap(([name, { sources }]) =>
    lists.flatMap((list) =>
      sources[list] ? [[name.replace(' ', ', k = '), NAMES[list]!, ...cellsOf(sources[list])]] : [],
    ),
  )
}

function arrow(cell: Cell | undefined): string {
  return cell ? `${ndcg(cell.server)} → ${ndcg(cell.nearside)}` : ''
}

function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${ndcg(value)}`
}
