/** `npm --prefix bench run new-items`: are new items of a live file found? Results are kept, so runs add up. */
import { join } from 'node:path'
import { program, repeatable, start, wholeNumber } from '../../build/program.js'
import { writeSection } from '../pages/section.js'
import { logLook, looksSection, readLooks } from '../ranking/looks.js'
import { bundled } from '../script/bundled.js'
import { dataSets, FOLDER } from '../script/data-sets.js'
import { readResults, writeResults } from '../script/results.js'
import type { folds } from './experiment.js'
import { type Measured, section } from './section.js'

const FILES = ['train.tsv.gz', 'test.tsv.gz', 'items.tsv.gz']

interface Options {
  only?: string[]
  folds: number
  events: number
  most: number
  purpose: string
  validate?: boolean
  levels?: number[]
}

await start(
  program('npm --prefix bench run new-items --')
    .description(
      'Takes a tenth of the items out of a shop, trains a pack without them, and brings them back through a live file, in random ' +
        'folds. Asks about the steps of the test log. A data set takes 3 to 10 minutes.\n\n' +
        `Reads ${FILES.join(', ')} of each data set. Writes docs/ranking.md and bench/results; the look at the test log is logged.`,
    )
    .argument('<folder>', FOLDER)
    .addOption(repeatable('--only <set>', 'only this data set, not all'))
    .option('--folds <n>', 'how many folds', wholeNumber(1), 20)
    .option(
      '--events <n>',
      'events of the log, the latest, that packs are trained on',
      wholeNumber(1),
      60_000,
    )
    .option('--most <n>', 'steps asked about in each fold', wholeNumber(1), 1000)
    .option('--purpose <text>', 'what the look at the test log is for', 'new items of a live file')
    .option('--validate', 'ask about the end of the training log, and write nothing: to choose constants on')
    .option(
      '--levels <logits,…>',
      'with --validate: also with other biases of new items, this much higher',
      (text) => text.split(',').map(Number),
    )
    .addHelpText(
      'after',
      '\nExample:\n  npm --prefix bench run new-items -- ../datasets --only uci-online-retail --events 20000 --most 600',
    )
    .action(run),
)

async function run(folder: string, { only, purpose, validate, ...options }: Options): Promise<void> {
  const sets = dataSets(folder, FILES, only)
  const experiment = await bundled<{ folds: typeof folds }>(
    join(import.meta.dirname, 'experiment.ts'),
    'new-items',
  )
  for (const set of sets) {
    const measured = await experiment.folds({
      ...options,
      train: set.file('train.tsv.gz'),
      items: set.file('items.tsv.gz'),
      test: validate ? undefined : set.file('test.tsv.gz'),
      say: (line) => console.error(`${set.name}: ${line}`),
    })
    if (validate) continue
    const known = readResults<Record<string, Measured>>('new-items.json', {})
    known[set.name] = { events: options.events, folds: measured }
    writeResults('new-items.json', known)
    writeSection('ranking.md', 'new-items', section(known))
    logLook(`npm --prefix bench run new-items, ${set.name}`, purpose)
    writeSection('ranking.md', 'looks', looksSection(readLooks()))
  }
}
