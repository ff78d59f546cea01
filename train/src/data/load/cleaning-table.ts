/** What cleaning did, as lines for a terminal. */

import type { Cleaning } from '../cleaning/cleaning.js'
import type { LogReport } from './load.js'

/** A part of the log that is not in the catalogue from which on the catalogue itself is in doubt. */
const MUCH = 0.2

/** No lines where there is nothing to tell. */
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
      `bots: ${sessions(cleaning.botSessions)} at a machine's pace, or through the ids in their order`,
    ],
    [cleaning.runaways, `runaway: ${sessions(cleaning.runawaySessions)} far longer than any other`],
    [cleaning.clockJumps, 'wrong clock: times far from all others'],
  ]
  const told: [number, string][] = [
    [
      cleaning.outOfCatalogue,
      `not in the catalogue (${count(cleaning.outOfCatalogueItems)} items): learnt from, never recommended`,
    ],
    [cleaning.returnsUnmatched, 'returns of what this log did not see bought'],
    [time === 'real' ? cleaning.outOfOrder : 0, 'not in the order of their times: put in order'],
  ]
  const lines: string[] = []
  const section = (title: string, rows: [number, string][]) => {
    const shown = rows.filter(([n]) => n > 0)
    if (shown.length > 0) lines.push(title)
    for (const [n, what] of shown) lines.push(`${count(n).padStart(11)}  ${what}`)
  }
  section('rows taken out of the training', removed)
  section('rows kept', told)
  for (const example of cleaning.examples) lines.push(`  ${example}`)
  if (cleaning.outOfCatalogue > MUCH * events) {
    lines.push(
      'Much of the log is not in the catalogue: is the catalogue whole, and are its ids those of the log?',
    )
  }
  return lines
}

function count(n: number): string {
  return n.toLocaleString('en')
}
