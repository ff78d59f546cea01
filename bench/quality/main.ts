/**
 * `npm --prefix bench run quality`: trains on public data sets and evaluates the packs, as a shop would with the command
 * line, and writes docs/quality.md. Results are kept, so runs with `--only` and `--min-sessions` add up to one table.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { program, repeatable, start } from '../../build/program.js'
import { accuracy, count, share } from '../pages/table.js'
import { cacheOf } from '../script/bundled.js'
import { type DataSet, dataSets, FOLDER } from '../script/data-sets.js'
import { processor } from '../script/machine.js'
import { nearside } from '../script/nearside.js'
import { readResults, writeResults } from '../script/results.js'
import { NONE, type Quality, writeQuality } from './page.js'
import { measureRivals } from './rivals.js'
import { measureTasks, namesPeople } from './tasks.js'
import { measureCoverage } from './which-k.js'

const FILES = ['train.tsv.gz', 'test.tsv.gz']

interface Options {
  only?: string[]
  minSessions: string[]
}

await start(
  program('npm --prefix bench run quality --')
    .description(
      'How good are the lists? Trains a pack on each data set of a folder, evaluates it on the test set, and asks simpler ' +
        'ways (item-kNN, rules, VSKNN, matrix factorisation) the same questions. Where the log names people, a session is ' +
        'a basket, and asked for are the rest of it and the next visit. A data set and k take 3 to 20 minutes.\n\n' +
        `Reads ${FILES.join(' and ')} of each data set. Writes docs/quality.md, and the figures to bench/results/quality.json, ` +
        'tasks.json, rivals.json and which-k.json. What is not measured again keeps its figures.',
    )
    .argument('<folder>', FOLDER)
    .addOption(repeatable('--only <set>', 'only this data set, not all'))
    .addOption(repeatable('--min-sessions <k>', 'a k to train with', ['1', '3']))
    .addHelpText(
      'after',
      '\nExample:\n  npm --prefix bench run quality -- ../datasets --only diginetica --min-sessions 3',
    )
    .action(run),
)

interface Figures {
  predictions: number
  recall: Record<string, number>
  mrr: Record<string, number>
  ci95: { recall20: [number, number]; mrr20: [number, number] }
  pack: { items: number; wireBytes: number; bytesPerItem: number }
}

async function run(folder: string, { only, minSessions }: Options): Promise<void> {
  const all = dataSets(folder, FILES)
  const sets = dataSets(folder, FILES, only)
  for (const set of all) {
    if (!namesPeople(set.file('test.tsv.gz'))) await measureCoverage(set.name, set.file('train.tsv.gz'))
  }
  const packs = cacheOf('quality')
  mkdirSync(packs, { recursive: true })
  for (const set of sets) {
    for (const k of minSessions) {
      console.error(`${set.name}, k = ${k}`)
      await measure(set, k, join(packs, `${set.name}-${k}`))
      writeQuality()
    }
  }
  writeQuality()
}

async function measure(set: DataSet, k: string, pack: string): Promise<void> {
  const [train, test] = [set.file('train.tsv.gz'), set.file('test.tsv.gz')]
  const trained = await nearside<{ encoder: string; seconds: number; cpuSeconds: number }>(
    'train',
    ...['--events', train, '--out', pack, '--min-sessions', k],
  )
  if (namesPeople(test)) return measureTasks(set.name, { train, test, pack, k })
  const evaluate = (...parts: string[]) =>
    nearside<Figures>('evaluate', '--pack', pack, '--events', test, '--k', '10,20', ...parts)
  const whole = await evaluate()
  const session = await evaluate('--parts', 'session')
  const neighbours = await evaluate('--parts', 'neighbours')
  await measureRivals(set.name, { train, test, pack })

  const at20 = ({ recall, mrr }: Figures) => accuracy(recall['20']!, mrr['20']!)
  const { recall20, mrr20 } = whole.ci95
  const half = ([low, high]: [number, number]) => `±${share((high - low) / 2)}`
  const row = [
    set.name,
    count(whole.predictions),
    k,
    trained.encoder,
    `**${at20(whole)}**`,
    `${half(recall20)} / ${half(mrr20)}`,
    at20(session),
    at20(neighbours),
    `${(whole.pack.wireBytes / 1e6).toFixed(2)} MB`,
    `${Math.round(trained.seconds)} (${Math.round(trained.cpuSeconds)})`,
  ].join(' | ')
  console.log(row)
  const known = readResults<Quality>('quality.json', NONE)
  writeResults('quality.json', {
    ...known,
    ...processor(),
    rows: { ...known.rows, [`${set.name} ${k}`]: row },
  })
}
