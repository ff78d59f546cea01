/**
 * `npm --prefix bench run quality -- FOLDER`: trains on each data set of a folder and evaluates the packs through the command line, as
 * a shop would, then writes docs/quality.md. A data set is a folder with `train.tsv.gz` and `test.tsv.gz`.
 *
 * The data sets are not part of the project (one of them may not be copied), so this is not part of `npm run bench`.
 * Where the log names people, a session is a basket and there is no next item: what is measured is in tasks.ts.
 * Figures are kept in quality.json and tasks.json, so that runs with `--only` and `--min-sessions` add up to one table.
 */

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { machine } from './machine.js'
import { nearside } from './nearside.js'
import { table } from './report.js'
import { measureRivals, rivals } from './rivals.js'
import { measureTasks, namesPeople, tasksSection } from './tasks.js'
import { measureCoverage, whichK } from './which-k.js'

const root = join(import.meta.dirname, '..')
const { values, positionals } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    'min-sessions': { type: 'string', multiple: true, default: ['1', '3'] },
  },
  allowPositionals: true,
})
if (positionals.length !== 1)
  throw new Error('one folder of data sets expected: npm --prefix bench run quality -- ../datasets')
// npm runs scripts in the package's folder; a relative path is meant from where the user stands.
const folder = resolve(process.env.INIT_CWD ?? '.', positionals[0]!)
const all = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'train.tsv.gz')))
const sets = all.filter((name) => values.only?.includes(name) ?? true)

interface Figures {
  predictions: number
  recall: Record<string, number>
  mrr: Record<string, number>
  ci95: { recall20: [number, number]; mrr20: [number, number] }
  pack: { items: number; wireBytes: number; bytesPerItem: number }
}

const packs = join(root, 'bench/node_modules/.cache/quality')
mkdirSync(packs, { recursive: true })
const digits = (value: number) => value.toFixed(4).replace(/^0/, '')
const pair = ({ recall, mrr }: Pick<Figures, 'recall' | 'mrr'>) =>
  `${digits(recall['20']!)} / ${digits(mrr['20']!)}`

/** Table rows by data set and k. */
const file = join(import.meta.dirname, 'quality.json')
const rows: Record<string, string> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
const { cpu, cores, node } = machine('')
for (const set of all)
  if (!namesPeople(join(folder, set))) await measureCoverage(set, join(folder, set, 'train.tsv.gz'))
for (const set of sets) {
  for (const k of values['min-sessions']) {
    console.error(`${set}, k = ${k}`)
    const out = join(packs, `${set}-${k}`)
    const train = join(folder, set, 'train.tsv.gz')
    const test = join(folder, set, 'test.tsv.gz')
    const trained = nearside<{ encoder: string; seconds: number; cpuSeconds: number }>(
      'train',
      ...['--events', train, '--out', out, '--min-sessions', k],
    )
    if (namesPeople(join(folder, set))) {
      measureTasks(set, join(folder, set), out, k)
      write()
      continue
    }
    const evaluate = (...parts: string[]) =>
      nearside<Figures>('evaluate', '--pack', out, '--events', test, '--k', '10,20', ...parts)
    const whole = evaluate()
    const session = evaluate('--parts', 'session')
    const neighbours = evaluate('--parts', 'neighbours')
    measureRivals(set, join(folder, set), out, pair)
    const { recall20, mrr20 } = whole.ci95
    rows[`${set} ${k}`] = [
      set,
      whole.predictions.toLocaleString('en'),
      k,
      trained.encoder,
      `**${pair(whole)}**`,
      `±${digits((recall20[1] - recall20[0]) / 2)} / ±${digits((mrr20[1] - mrr20[0]) / 2)}`,
      pair(session),
      pair(neighbours),
      `${(whole.pack.wireBytes / 1e6).toFixed(2)} MB`,
      `${Math.round(trained.seconds)} (${Math.round(trained.cpuSeconds)})`,
    ].join(' | ')
    write()
    console.log(rows[`${set} ${k}`])
  }
}

// Also where there was nothing to measure: the page says what is known.
write()

function reached(set: string, k: number): string | undefined {
  return rows[`${set} ${k}`]?.split(' | ')[4]?.replaceAll('*', '')
}

function write(): void {
  writeFileSync(file, `${JSON.stringify(rows, null, 2)}\n`)
  const cells = Object.keys(rows)
    .sort()
    .map((key) => rows[key]!.split(' | '))
  writeFileSync(
    join(root, 'docs/quality.md'),
    `# How good the lists are

Next-item prediction over the whole catalogue, Recall@20 / MRR@20: one prediction for each event of a test session after
its first, ties counted against the model, through the quantised pack and the engine that browsers run. Hyperparameters
come from a validation cut of the training data. k is \`--min-sessions\`; 3 is the default. The
encoder is what \`nearside train\` chose. ± is half of the 95 % bootstrap
interval over sessions. The last columns are the pack at brotli-11, and the seconds that training took (CPU seconds) on
${cores} cores of ${cpu}, Node ${node}, shared with other work.

${table(
  [
    ...['data set', 'predictions', 'k', 'encoder', 'whole', '±'],
    ...['session encoder alone', 'neighbours alone', 'pack', 'trained in'],
  ],
  cells,
)}
${rivals(reached)}${whichK(reached)}${tasksSection()}
Written by \`npm --prefix bench run quality -- FOLDER\`.
`,
  )
}
