/**
 * `npm --prefix bench run simulate`: runs experiment.ts for several made-up shops and writes what came out into
 * docs/model.md, between its markers and labelled *simulated*.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { intervals } from '../../train/src/evaluate/figures/bootstrap.js'
import { bundled } from '../bundled.js'
import { table } from '../report.js'
import { fillSection } from '../section.js'
import type { experiment, Judged, Measure, Way } from './experiment.js'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '5' },
    events: { type: 'string', default: '60000' },
    items: { type: 'string', default: '1500' },
  },
})
const [seeds, events, items] = [Number(values.seeds), Number(values.events), Number(values.items)]
const own = await bundled<{ experiment: typeof experiment }>(
  join(import.meta.dirname, 'experiment.ts'),
  'simulate',
)

const runs: Judged[] = []
for (let seed = 1; seed <= seeds; seed++) {
  runs.push(await own.experiment(seed, events, items, (line) => console.error(line)))
}

const NAMES: [Measure, string][] = [
  ['worth', 'true worth'],
  ['recall', 'not yet seen, Recall@20'],
  ['next', 'not yet seen, MRR@20'],
  ['basket', 'just before, MRR@20'],
]
const ALL: Way[] = ['views', 'signals', 'served', 'dwell']
const digits = (value: number) => value.toFixed(4).replace(/^(-?)0/, '$1')
const signed = (value: number) => (value < 0 ? digits(value).replace('-', '−') : `+${digits(value)}`)
const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length

/** All runs together; a visit of another run is another visit. */
function pooled(measure: Measure) {
  const visits: number[] = []
  const values: Record<Way, number[]> = { views: [], signals: [], served: [], dwell: [] }
  let session = -1
  for (const run of runs) {
    const { visits: own, values: theirs } = run[measure]
    for (const [i, visit] of own.entries()) {
      if (i === 0 || visit !== own[i - 1]) session++
      visits.push(session)
      for (const way of Object.keys(values) as Way[]) values[way].push(theirs[way][i]!)
    }
  }
  return { visits: Uint32Array.from(visits), values }
}

const rows = NAMES.map(([measure, name]) => {
  const { visits, values } = pooled(measure)
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
    ways: [name, visits.length.toLocaleString('en'), ...ALL.map((way) => digits(mean(values[way])))],
    differences: [name, against(0), `${better} of ${seeds}`, against(1), against(2)],
  }
})

const section = `_Simulated_: ${seeds} made-up shops of ${items.toLocaleString('en')} items and ${events.toLocaleString('en')} events each
(\`bench/simulator\`, seeds 1 to ${seeds}), where it is known what people would buy. The last 15 % of visits are asked about;
models are trained on the others with the default settings, differing only in what an event weighs: every step as a
look (a), or purchases and baskets by their strengths (b, as \`nearside train\` does). The engine on the device besides
counts a look of more than 30 seconds double and one of under 5 seconds a quarter: model b asked with these weights (c),
and a model trained with them too (d).

${table(
  ['simulated', 'asked', 'a', 'b', 'c', 'd'],
  rows.map(({ ways }) => ways),
)}

What is asked: _true worth_, the true probability that the person buys what a list of ten shows and they look at, mean over the
list, after each look; _not yet seen_, each purchase, asked before the item was first looked at in the visit; _just before_, each
purchase, asked right before it. Differences with 95 % bootstrap intervals, paired, over visits:

${table(
  ['simulated', 'b less a', 'in shops', 'c less b', 'd less c'],
  rows.map(({ differences }) => differences),
)}

Written by \`npm --prefix bench run simulate\`.`
console.log(section)
const page = join(import.meta.dirname, '../../docs/model.md')
const before = existsSync(page) ? readFileSync(page, 'utf8') : '# The model\n'
writeFileSync(page, fillSection(before, 'simulated', 'What weighing purchases is worth', section))
