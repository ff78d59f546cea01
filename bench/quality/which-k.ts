/**
 * The section "Which k" of docs/quality.md: what share of each log keeps a vector of its own at each `--min-sessions`, what
 * the lists lose by it, and what a shop should choose.
 */
import { loadLog } from '../../train/src/data/load/load.js'
import { positiveLog } from '../../train/src/model/log/log.js'
import { type Coverage, coverageOf } from '../../train/src/model/log/support.js'
import { table } from '../pages/table.js'
import { readResults, writeResults } from '../script/results.js'

const FILE = 'which-k.json'
const KS = [1, 2, 3, 5]

interface Size {
  events: number
  items: number
  coverage: Coverage[]
}

type Measured = Record<string, Size>

/** Counts what each k leaves of a training log, once. */
export async function measureCoverage(set: string, log: string): Promise<void> {
  const known = readResults<Measured>(FILE, {})
  if (known[set]) return
  const { data } = await loadLog({ events: [log], clean: true })
  const positive = positiveLog(data)
  known[set] = {
    events: positive.rows.length,
    items: new Set(positive.rows).size,
    coverage: coverageOf(positive, KS),
  }
  writeResults(FILE, known)
}

/** @param reached what the page's table says of a data set at k; undefined where that was not measured */
export function whichK(reached: (set: string, k: number) => string | undefined): string {
  const sets = Object.entries(readResults<Measured>(FILE, {})).filter(([set]) =>
    KS.some((k) => reached(set, k)),
  )
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

What share of a training log keeps a vector of its own, and how good the lists are:

${table(['data set', 'events per item', 'k', 'of the items', 'of the events', 'Recall@20 / MRR@20'], rows)}

\`nearside train\` prints these shares for your log. What to choose by them:

- **100 events per item and more: \`--min-sessions 5\`.** It leaves out next to nothing and costs nothing.
- **10 to 100: the default of 3.** A catalogue with titles and categories places the few items below it.
- **Fewer than 10, and hardly a catalogue: 2, or 3 and patience.** Most items of such a log were looked at by one or two people,
  and each step of k takes some of them out of the lists. The default stays 3: what is published about two people cannot be taken
  back, and a log grows. 1 protects nobody. It is for logs without people, such as a simulator's.

No k makes a small shop's pack anonymous: see [what a pack reveals](privacy.md).
`
}
