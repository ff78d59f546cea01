/**
 * `npm --prefix bench run ranking`: trains on public data sets and asks how the packs order the lists of a server, as a shop
 * would with the command line, and writes the section "Never worse than the server" of docs/ranking.md. Results are kept, so
 * runs with `--only` and `--min-sessions` add up.
 */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { program, repeatable, start, wholeNumber } from '../../build/program.js'
import { writeSection } from '../pages/section.js'
import { cacheOf } from '../script/bundled.js'
import { type DataSet, dataSets, FOLDER } from '../script/data-sets.js'
import { nearside } from '../script/nearside.js'
import { readResults, writeResults } from '../script/results.js'
import { logLook, looksSection, readLooks } from './looks.js'
import { type Measured, rankSection } from './section.js'

const FILES = ['train.tsv.gz', 'test.tsv.gz']

interface Options {
  only?: string[]
  minSessions: string[]
  sample?: number
  packs?: string
  purpose: string
}

await start(
  program('npm --prefix bench run ranking --')
    .description(
      'How well do packs order the lists of a server? Trains a pack on each data set of a folder, and compares its order of ' +
        "item-kNN's, a stale model's and other lists with the server's own, on the test set. A data set and k take 5 to 30 " +
        'minutes.\n\n' +
        `Reads ${FILES.join(' and ')} of each data set. Writes docs/ranking.md, bench/results/ranking.json and a line in ` +
        'bench/results/looks.json. What is not measured again keeps its figures.',
    )
    .argument('<folder>', FOLDER)
    .addOption(repeatable('--only <set>', 'only this data set, not all'))
    .addOption(repeatable('--min-sessions <k>', 'a k to train with', ['1', '3']))
    .option('--sample <n>', 'ask about so many sessions of each test set, not all', wholeNumber(1))
    .option('--packs <folder>', 'use packs trained before, in folders named <set>-<k>, where they are there')
    .option('--purpose <words>', 'why the test sets are looked at, for the log of looks', 'measured again')
    .addHelpText(
      'after',
      '\nExample:\n  npm --prefix bench run ranking -- ../datasets --only diginetica --sample 2000 --purpose "new server weights"',
    )
    .action(run),
)

async function run(folder: string, { only, minSessions, sample, packs, purpose }: Options): Promise<void> {
  const own = packs ?? cacheOf('ranking')
  mkdirSync(own, { recursive: true })
  for (const set of dataSets(folder, FILES, only)) {
    for (const k of minSessions) {
      console.error(`${set.name}, k = ${k}`)
      await measure(set, k, join(own, `${set.name}-${k}`), sample, purpose)
    }
  }
}

async function measure(
  set: DataSet,
  k: string,
  pack: string,
  sample: number | undefined,
  purpose: string,
): Promise<void> {
  const [train, test] = [set.file('train.tsv.gz'), set.file('test.tsv.gz')]
  const catalogue = set.file('items.tsv.gz')
  if (!existsSync(join(pack, 'manifest.json'))) {
    await nearside(
      'train',
      ...['--events', train, '--out', pack, '--min-sessions', k],
      ...(existsSync(catalogue) ? ['--catalog', catalogue] : []),
    )
  }
  const asked = ['--task', 'rank', ...(sample ? ['--sample', String(sample)] : [])]
  const { sources, below, sampled, sessions } = await nearside<Measured>(
    'evaluate',
    ...['--pack', pack, '--events', test, '--train', train, ...asked],
  )
  logLook(`nearside evaluate ${asked.join(' ')}, ${set.name}, k = ${k}`, purpose)
  writeSection('ranking.md', 'looks', looksSection(readLooks()))
  const known = readResults<Record<string, Measured>>('ranking.json', {})
  known[`${set.name} ${k}`] = { sources, below, sampled, sessions }
  writeResults('ranking.json', known)
  writeSection('ranking.md', 'rank', rankSection(known))
}
