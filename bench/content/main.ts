/**
 * `npm --prefix bench run content -- FOLDER [--only SET] [--attributes colour,…] [--seeds 1,2]`: whether items without a history
 * are found by what the catalogue says of them, on the training logs of those data sets of a folder that have a catalogue, into docs/model.md.
 * Figures add up in content.json from run to run.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'vite'
import { assembly } from '../../build/assembly.js'
import type { Kind } from '../../train/src/model/encoders/kind.js'
import { table } from '../report.js'
import { fillSection } from '../section.js'
import type { Arrivals, arrivals, Row } from './experiment.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string' },
    attributes: { type: 'string', default: '' },
    encoder: { type: 'string', default: 'attention' },
    'min-sessions': { type: 'string', default: '3' },
    seeds: { type: 'string', default: '1' },
  },
})
const folder = positionals[0]
if (folder === undefined)
  throw new Error('Name the folder that holds the data sets, each with a train.tsv.gz and an items.tsv.gz.')

const root = join(import.meta.dirname, '../..')
const outDir = join(root, 'bench/node_modules/.cache/content')
await build({
  root,
  configFile: false,
  logLevel: 'error',
  plugins: [assembly()],
  build: { ssr: join(import.meta.dirname, 'experiment.ts'), outDir, emptyOutDir: true, target: 'node20' },
})
const bundled = (await import(pathToFileURL(join(outDir, 'experiment.js')).href)) as {
  arrivals: typeof arrivals
}

const memory = join(import.meta.dirname, 'content.json')
const known: Record<string, Arrivals[]> = existsSync(memory) ? JSON.parse(readFileSync(memory, 'utf8')) : {}
for (const set of readdirSync(folder)) {
  const [events, catalogue] = ['train.tsv.gz', 'items.tsv.gz'].map((name) => join(folder, set, name))
  if (!existsSync(events!) || !existsSync(catalogue!)) continue
  if (values.only !== undefined && values.only !== set) continue
  known[set] = []
  for (const seed of values.seeds.split(',')) {
    known[set].push(
      await bundled.arrivals({
        events: events!,
        catalogue: catalogue!,
        attributes: values.attributes.split(',').filter(Boolean),
        minSessions: Number(values['min-sessions']),
        encoder: values.encoder as Kind | 'auto',
        seed: Number(seed),
        say: (line) => console.error(`${set}, seed ${seed}: ${line}`),
      }),
    )
  }
  writeFileSync(memory, `${JSON.stringify(known, null, 2)}\n`)
}

const named = Object.entries(known).flatMap(([set, [run]]) =>
  run!.attributes.length > 0 ? `of ${set} \`--attributes ${run!.attributes.join(',')}\`` : [],
)
const digits = (value: number) => value.toFixed(4).replace(/^0/, '')
const rows = Object.entries(known).flatMap(([set, runs]) =>
  runs[0]!.rows.map(({ name }, i) => {
    const asked = runs.reduce((sum, run) => sum + run.asked, 0)
    const mean = (of: (row: Row) => number) =>
      digits(runs.reduce((sum, run) => sum + (run.asked / asked) * of(run.rows[i]!), 0))
    const pair = (part: 'fresh' | 'others' | 'all') =>
      `${mean((row) => row[part].recall20)} / ${mean((row) => row[part].mrr20)}`
    const items = runs.map((run) => run.items).join(' + ')
    return [
      `${set}: ${items} items, ${asked.toLocaleString('en')} asked`,
      name,
      pair('fresh'),
      `${mean((row) => row.amongNew.recall5)} / ${mean((row) => row.amongNew.mrr)}`,
      pair('others'),
      pair('all'),
    ]
  }),
)
const section = `Of a training log the history of 12 % of its items is taken out as if they were new after its end, and of as many the history
before its last twentieth, so that the trainer meets newcomers on what it holds out. Asked about are the sessions of its latest tenth,
which is not trained on. _New_: steps to items without any history, found among all, and among each other
alone; _others_: the rest. One training (k = ${values['min-sessions']}, encoder ${values.encoder}), of which the rows differ in
the biases of new items alone. Features besides title, category and price: ${named.join('; ') || 'none'}.

${table(['', 'new items', 'new, Recall@20 / MRR@20', 'among new, Recall@5 / MRR', 'others', 'all'], rows)}

Written by \`npm --prefix bench run content -- FOLDER\`.`
const page = join(root, 'docs/model.md')
writeFileSync(page, fillSection(readFileSync(page, 'utf8'), 'content', 'Items without a history', section))
