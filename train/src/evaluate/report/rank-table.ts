/** The evaluation of server lists, as text for people. */
import type { Cell } from '../rank/cells.js'
import type { RankEvaluation } from '../rank/evaluate-rank.js'

const CELLS: Record<string, string> = {
  pooled: 'all, t > 0',
  pooledNew: '  next item new in the visit',
  pooledSeen: '  next item seen before',
  pooledRareStep: '  last step rare in the pack',
  pooledRareTarget: '  next item rare in the pack',
}

export function rankText(pack: string, e: RankEvaluation): string {
  const { p50, p95 } = e.latencyMs
  return [
    `${pack}: ${count(e.predictions)} next items of ${count(e.sessions)} sessions${e.sampled ? ' (a random sample)' : ''}; NDCG@10, an item that is not in the list counts 0`,
    ...Object.entries(e.sources).flatMap(([name, cells]) => [
      '',
      ...table(`${name}: ${e.servers[name]}`, cells),
    ]),
    '',
    e.below.length > 0
      ? `worse than the server for certain: ${e.below.join(', ')}`
      : 'nowhere worse than the server for certain (95 %)',
    ...e.missing.map((line) => `left out: ${line}`),
    `one ranking: p50 ${p50.toFixed(2)} ms, p95 ${p95.toFixed(2)} ms`,
  ].join('\n')
}

function table(title: string, cells: Record<string, Cell>): string[] {
  const scored = Object.values(cells).some((cell) => cell.scored)
  const wide = 30
  const columns = [
    'asked',
    'server',
    'seen first',
    'nearside',
    '95 % of the gain',
    ...(scored ? ['with scores'] : []),
    'oracle',
  ]
  const widths = columns.map((column) => Math.max(column.length, 10))
  const line = (values: string[]) => values.map((value, i) => value.padStart(widths[i]!)).join('  ')
  return [
    title,
    ' '.repeat(wide) + line(columns),
    ...Object.entries(cells).map(
      ([name, cell]) =>
        (CELLS[name] ?? `t = ${name}`).padEnd(wide) +
        line([
          count(cell.predictions),
          figure(cell.server),
          figure(cell.seenFirst),
          figure(cell.nearside),
          `${signed(cell.ci95[0])} ${signed(cell.ci95[1])}`,
          ...(scored ? [cell.scored ? figure(cell.scored.nearside) : ''] : []),
          figure(cell.oracle),
        ]),
    ),
  ]
}

function figure(value: number): string {
  return value.toFixed(4)
}

function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${value.toFixed(4)}`
}

function count(n: number): string {
  return n.toLocaleString('en')
}
