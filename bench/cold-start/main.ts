/**
 * `npm --prefix bench run cold-start`: what is recommended to a visitor of whom little is known, beside the most popular items.
 * Results are kept, so runs add up.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { program, repeatable, start, wholeNumber } from '../../build/program.js'
import { writeSection } from '../pages/section.js'
import { bundled, cacheOf } from '../script/bundled.js'
import { type DataSet, dataSets, FOLDER, typedPath } from '../script/data-sets.js'
import { nearside } from '../script/nearside.js'
import { readResults, writeResults } from '../script/results.js'
import type { ColdStart, coldStart } from './experiment.js'
import { section } from './section.js'

const FILES = ['train.tsv.gz', 'test.tsv.gz']
const AFTER = [0, 1, 2, 3, 5]

interface Options {
  only?: string[]
  packs?: string
  sessions: number
}

await start(
  program('npm --prefix bench run cold-start --')
    .description(
      'What is recommended before and after the first looks at items, beside the most popular items? Trains a pack on each ' +
        'data set (--encoder attention) and asks about the items of test sessions. A data set takes 1 to 5 minutes.\n\n' +
        `Reads ${FILES.join(' and ')} of each data set, and items.tsv.gz where it has one. Writes docs/ranking.md and ` +
        'bench/results/cold-start.json; data sets that are not measured again keep their figures.',
    )
    .argument('<folder>', FOLDER)
    .addOption(repeatable('--only <set>', 'only this data set, not all'))
    .option(
      '--packs <folder>',
      'use the packs in this folder that have the names of data sets, and train none',
    )
    .option('--sessions <n>', 'most sessions of a data set that are asked about', wholeNumber(1), 4000)
    .addHelpText(
      'after',
      '\nExample:\n  npm --prefix bench run cold-start -- ../datasets --only uci-clickstream',
    )
    .action(run),
)

async function run(folder: string, { only, packs, sessions }: Options): Promise<void> {
  const experiment = await bundled<{ coldStart: typeof coldStart }>(
    join(import.meta.dirname, 'experiment.ts'),
    'cold-start',
  )
  const known = readResults<Record<string, ColdStart>>('cold-start.json', {})
  for (const set of dataSets(folder, FILES, only)) {
    const pack = packs ? join(typedPath(packs), set.name) : await trained(set)
    if (!existsSync(pack)) continue
    known[set.name] = await experiment.coldStart({
      pack,
      test: set.file('test.tsv.gz'),
      after: AFTER,
      sessions,
    })
    console.error(`${set.name}: ${JSON.stringify(known[set.name])}`)
    writeResults('cold-start.json', known)
    writeSection('ranking.md', 'cold-start', section(known))
  }
}

async function trained(set: DataSet): Promise<string> {
  const pack = join(cacheOf('cold-start'), set.name)
  const items = set.file('items.tsv.gz')
  await nearside(
    'train',
    ...['--events', set.file('train.tsv.gz'), '--out', pack, '--encoder', 'attention'],
    ...(existsSync(items) ? ['--catalog', items] : []),
  )
  return pack
}
