/** The report of the cleaning, as lines for a terminal. */

import type { Cleaning } from '../cleaning/cleaning.js'
import type { LogReport } from './load.js'

/** If a larger part of the log is not in the catalogue, the catalogue itself is probably wrong. */
const MUCH = 0.2

/** Returns no lines if there is nothing to report. */
export function cleaningTable(
  cleaning: Cleaning,
  { events, time }: Pick<LogReport, 'events' | 'time'>,
): string[] {
  const sessions = (n: number) => `${count(n)} session${n === 1 ? '' : 's'}`
  const removed: [number, string][] = [
    [cleaning.duplicates, 'the same row again'],
    [cleaning.refreshes, 'the same item again within seconds'],
    [cleaning.returned, 'purchases that were returned'],
    [
      cleaning.bots,
      `bots: ${sessions(cleaning.botSessions)} at a machine's pace, or in the order of the ids`,
    ],
    [cleaning.runaways, `runaway: ${sessions(cleaning.runawaySessions)} far longer than any other`],
    [cleaning.clockJumps, 'wrong clock: times far from all others'],
  ]
  const told: [number, string][] = [
    [
      cleaning.outOfCatalogue,
      `not in the catalogue (${count(cleaning.outOfCatalogueItems)} items): used to learn, never recommended`,
    ],
    [cleaning.returnsUnmatched, 'returns of purchases that are not in this log'],
    [time === 'real' ? cleaning.outOfOrder : 0, 'not in time order: sorted'],
  ]
  const lines: string[] = []
  const section = (title: string, rows: [number, string][]) => {
    const shown = rows.filter(([n]) => n > 0)
    if (shown.length > 0) lines.push(title)
    for (const [n, what] of shown) lines.push(`${count(n).padStart(11)}  ${what}`)
  }
  section('rows removed before training', removed)
  section('rows kept', told)
  for (const example of cleaning.examples) lines.push(`  ${example}`)
  if (cleaning.outOfCatalogue > MUCH * events) {
    lines.push(
      'Much of the log is not in the catalogue. Is the catalogue complete, and does it use the same ids as the log?',
    )
  }
  return lines
}

function count(n: number): string {
  return n.toLocaleString('en')
}
