/** `npm --prefix bench run new-items`: are new items of a live file found? Results are kept, so runs add up. */
import { join } from 'node:path'
import { program, start, wholeNumber } from '../../build/program.js'
import { writeSection } from '../pages/section.js'
import { bundled } from '../script/bundled.js'
import { readResults, writeResults } from '../script/results.js'
import type { Fold, folds } from './experiment.js'
import { section } from './section.js'

interface Options {
  pack?: string
  events?: string
  name?: string
  folds: number
  most: number
}

await start(
  program('npm --prefix bench run new-items --')
    .description(
      'Are new items of a live file found? Takes a tenth of the items out of a pack and brings them back through a live file, in ' +
        'random folds, and asks about the steps of a log. Takes 1 to 10 minutes.\n\nWrites docs/ranking.md and ' +
        'bench/results/new-items.json; data sets that are not measured again keep their figures.',
    )
    .option('--pack <folder>', 'a pack with a catalogue, always needed')
    .option('--events <file>', 'a log that the pack was not trained on, always needed')
    .option('--name <name>', 'name of the data set in the table, always needed')
    .option('--folds <n>', 'how many folds', wholeNumber(1), 20)
    .option('--most <n>', 'steps asked about in each fold', wholeNumber(1), 4000)
    .addHelpText(
      'after',
      '\nExample:\n  npm --prefix bench run new-items -- --pack packs/shop --events test.csv --name shop --folds 5',
    )
    .action(run),
)

async function run({ pack, events, name, folds: n, most }: Options): Promise<void> {
  if (!pack || !events || !name) throw new Error('--pack, --events and --name are needed')
  const experiment = await bundled<{ folds: typeof folds }>(
    join(import.meta.dirname, 'experiment.ts'),
    'new-items',
  )
  const known = readResults<Record<string, Fold[]>>('new-items.json', {})
  known[name] = await experiment.folds({ pack, events, folds: n, most, say: (line) => console.error(line) })
  writeResults('new-items.json', known)
  writeSection('ranking.md', 'new-items', section(known))
}
