/** `npm --prefix bench run simulate`: does it help to weigh purchases? Runs experiment.ts for several made-up shops. */
import { join } from 'node:path'
import { program, start, wholeNumber } from '../../build/program.js'
import { intervals } from '../../train/src/evaluate/figures/bootstrap.js'
import { writeSection } from '../pages/section.js'
import { count, share } from '../pages/table.js'
import { bundled } from '../script/bundled.js'
import { writeResults } from '../script/results.js'
import type { experiment, Judged, Measure, Way } from './experiment.js'
import { type Simulated, section } from './section.js'

const NAMES: [Measure, string][] = [
  ['worth', 'true worth'],
  ['recall', 'not yet seen, Recall@20'],
  ['next', 'not yet seen, MRR@20'],
  ['basket', 'just before, MRR@20'],
]
const WAYS: Way[] = ['views', 'signals', 'served', 'dwell']
const signed = (value: number) => (value < 0 ? share(value).replace('-', '−') : `+${share(value)}`)
const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length

await start(
  program('npm --prefix bench run simulate --')
    .description(
      'What is weighing purchases worth? Trains on logs of made-up shops, where it is known what people would buy, with ' +
        'different weights of events, and asks the models about later visits. A shop of the default size takes about 3 ' +
        'minutes.\n\nReads nothing. Writes docs/experiments.md and bench/results/simulated.json.',
    )
    .option('--seeds <n>', 'how many shops, with the seeds 1 to n', wholeNumber(1), 5)
    .option('--events <n>', 'events of each shop', wholeNumber(1), 60_000)
    .option('--items <n>', 'items of each shop', wholeNumber(1), 1500)
    .addHelpText('after', '\nExample:\n  npm --prefix bench run simulate -- --seeds 2 --events 20000')
    .action(run),
)

async function run(sizes: { seeds: number; events: number; items: number }): Promise<void> {
  const { seeds: shops, events, items } = sizes
  const own = await bundled<{ experiment: typeof experiment }>(
    join(import.meta.dirname, 'experiment.ts'),
    'simulate',
  )
  const runs: Judged[] = []
  for (let seed = 1; seed <= shops; seed++) {
    runs.push(await own.experiment(seed, events, items, (line) => console.error(line)))
  }
  const simulated = { shops, events, items, ...tables(runs) }
  writeResults('simulated.json', simulated)
  const text = section(simulated)
  console.log(text)
  writeSection('experiments.md', 'simulated', text)
}

function tables(runs: readonly Judged[]): Pick<Simulated, 'ways' | 'differences'> {
  const rows = NAMES.map(([measure, name]) => {
    const { visits, values } = pooled(runs, measure)
    const less = (a: Way, b: Way) => Float64Array.from(values[a], (value, i) => value - values[b][i]!)
    const series = [less('signals', 'views'), less('served', 'signals'), less('dwell', 'served')]
    const found = intervals(series, visits, 1)
    const against = (i: number) => {
      const [low, high] = found[i]!
      return `${signed(mean([...series[i]!]))} (${signed(low)} to ${signed(high)})`
    }
    const better = runs.filter(
      (run) => mean(run[measure].values.signals) > mean(run[measure].values.views),
    ).length
    return {
      ways: [name, count(visits.length), ...WAYS.map((way) => share(mean(values[way])))],
      differences: [name, against(0), `${better} of ${runs.length}`, against(1), against(2)],
    }
  })
  return { ways: rows.map(({ ways }) => ways), differences: rows.map(({ differences }) => differences) }
}

/** All runs together. Visits of different runs are different visits. */
function pooled(runs: readonly Judged[], measure: Measure) {
  const visits: number[] = []
  const values: Record<Way, number[]> = { views: [], signals: [], served: [], dwell: [] }
  let session = -1
  for (const run of runs) {
    const { visits: own, values: theirs } = run[measure]
    for (const [i, visit] of own.entries()) {
      if (i === 0 || visit !== own[i - 1]) session++
      visits.push(session)
      for (const way of WAYS) values[way].push(theirs[way][i]!)
    }
  }
  return { visits: Uint32Array.from(visits), values }
}
