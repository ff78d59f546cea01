/**
 * The section "Which k" of docs/quality.md: how much of each log keeps a vector of its own at each `--min-sessions`, beside what the
 * lists lose, and what a shop should choose by that.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadLog } from '../train/src/data/load/load.js'
import { positiveLog } from '../train/src/model/log/log.js'
import { type Coverage, coverageOf } from '../train/src/model/log/support.js'
import { table } from './report.js'

const KS = [1, 2, 3, 5]
const file = join(import.meta.dirname, 'which-k.json')

interface Size {
  events: number
  items: number
  coverage: Coverage[]
}

const known: Record<string, Size> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}

/** Reads a training log for what each k leaves of it. */
export async function measureCoverage(set: string, log: string): Promise<void> {
  if (known[set]) return
  const { data } = await loadLog({ events: [log], clean: true })
  const positive = positiveLog(data)
  known[set] = {
    events: positive.rows.length,
    items: new Set(positive.rows).size,
    coverage: coverageOf(positive, KS),
  }
  writeFileSync(file, `${JSON.stringify(known, null, 2)}\n`)
}

/** @param reached what the page's table says of a data set at k; undefined where that was not measured */
export function whichK(reached: (set: string, k: number) => string | undefined): string {
  const sets = Object.entries(known).filter(([set]) => KS.some((k) => reached(set, k)))
  const rows = sets.flatMap(([set, { events, items, coverage }]) =>
    coverage.map(({ k, ...kept }) => [
      set,
      (events / items).toFixed(0),
      k,
      `${(100 * kept.items).toFixed(1)} %`,
      `${(100 * kept.events).toFixed(1)} %`,
      reached(set, k) ?? '',
    ]),
  )
  return `
## Which k

How much of a training log keeps a vector of its own, and what lists are worth:

${table(['data set', 'events an item', 'k', 'of the items', 'of the events', 'Recall@20 / MRR@20'], rows)}

\`nearside train\` prints these shares for the log at hand. What they say:

- **100 events an item and more: \`--min-sessions 5\`.** It leaves out next to nothing and costs nothing.
- **10 to 100: the default of 3.** A catalogue with titles and categories places the few items below it.
- **Fewer than 10, and no catalogue to speak of: 2, or 3 and patience.** Much of such a log is items that one or two people ever looked
  at; each step of k takes some of them out of the lists. The default stays 3 because what is printed about two people cannot be
  taken back, and a log grows. 1 protects nobody: it is for logs without people, such as a simulator's.

No k makes a small shop's pack anonymous: see [what a pack reveals](model.md#what-a-pack-reveals).
`
}
