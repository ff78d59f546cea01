/**
 * `npm --prefix bench run ablation -- FOLDER [--only SET] [--min-sessions k]`: what each part of the model is worth, on the
 * training logs of a folder of data sets, into docs/model.md. Figures add up in ablation.json from run to run.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { bundled } from '../bundled.js'
import { table } from '../report.js'
import { fillSection } from '../section.js'
import type { Ablation, ablate } from './experiment.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' }, 'min-sessions': { type: 'string', default: '1' } },
})
const folder = positionals[0]
if (folder === undefined)
  throw new Error('Name the folder that holds the data sets, each with a train.tsv.gz.')
const k = Number(values['min-sessions'])

const { ablate: experiment } = await bundled<{ ablate: typeof ablate }>(
  join(import.meta.dirname, 'experiment.ts'),
  'ablation',
)

const memory = join(import.meta.dirname, 'ablation.json')
const known: Record<string, Ablation> = existsSync(memory) ? JSON.parse(readFileSync(memory, 'utf8')) : {}
for (const set of readdirSync(folder)) {
  const log = join(folder, set, 'train.tsv.gz')
  if (!existsSync(log) || (values.only !== undefined && values.only !== set)) continue
  known[`${set}, k = ${k}`] = await experiment(log, k, (line) => console.error(`${set}: ${line}`))
  writeFileSync(memory, `${JSON.stringify(known, null, 2)}\n`)
}

const digits = (value: number) => value.toFixed(4).replace(/^0/, '')
const sets = Object.entries(known)
const named = sets.map(([name, { kind, asked }]) => `${name} (${kind}; ${asked.toLocaleString('en')} asked)`)
const figures = ({ recall20, mrr20 }: { recall20: number; mrr20: number }) =>
  `${digits(recall20)} / ${digits(mrr20)}`
const parts = table(
  ['Recall@20 / MRR@20', ...named],
  (sets[0]?.[1].rows ?? []).map(({ name }) => [
    name,
    ...sets.map(([, { rows }]) => {
      const row = rows.find((other) => other.name === name)!
      return figures(row) + (row.cpuSeconds === undefined ? '' : ` (${row.cpuSeconds.toFixed(0)} s)`)
    }),
  ]),
)
const bits = table(
  ['bits', ...sets.map(([name]) => name)],
  (sets[0]?.[1].coarse ?? []).map(({ bits }, i) => [
    bits,
    ...sets.map(([, { coarse }]) => `${figures(coarse[i]!)}, ${coarse[i]!.bytesPerItem.toFixed(1)} B`),
  ]),
)
const section = `Trained on all but the latest tenth of the sessions of a training log, asked about that tenth; half of it is for fitting the
blend, the other half gives the figures. One seed: differences below .003 mean nothing. The first rows train each encoder; what
follows takes a part away from the best of these, or trains it otherwise (CPU-seconds of one thread in brackets).

${parts}

Coarser vectors: bits of a value, quality, and what an item weighs after compression (brotli-11).

${bits}

Written by \`npm --prefix bench run ablation -- FOLDER\`.`
const page = join(import.meta.dirname, '../../docs/model.md')
writeFileSync(page, fillSection(readFileSync(page, 'utf8'), 'ablation', 'What each part is worth', section))
