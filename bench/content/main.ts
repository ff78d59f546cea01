/**
 * `npm --prefix bench run content`: are items without a history found by what the catalogue says of them? On the training logs
 * of the data sets that have a catalogue. Results are kept, so runs add up.
 */
import { join } from 'node:path'
import { Option } from 'commander'
import { program, repeatable, start, wholeNumber } from '../../build/program.js'
import type { Kind } from '../../train/src/encoders/kind.js'
import { writeSection } from '../pages/section.js'
import { bundled } from '../script/bundled.js'
import { dataSets, FOLDER } from '../script/data-sets.js'
import { readResults, writeResults } from '../script/results.js'
import type { arrivals } from './experiment.js'
import { type Measured, section } from './section.js'

const FILES = ['train.tsv.gz', 'items.tsv.gz']

interface Options {
  only?: string[]
  attributes: string[]
  encoder: Kind | 'auto'
  minSessions: number
  seeds: number[]
}

const list = (text: string) => text.split(',').filter(Boolean)

await start(
  program('npm --prefix bench run content --')
    .description(
      'Are items without a history found by what the catalogue says of them? Takes the history of some items out of a ' +
        'training log, trains, and asks about the steps to these items. A data set takes 2 to 15 minutes for each seed.\n\n' +
        `Reads ${FILES.join(' and ')} of each data set. Writes docs/experiments.md and bench/results/content.json; data sets ` +
        'that are not measured again keep their figures.',
    )
    .argument('<folder>', FOLDER)
    .addOption(repeatable('--only <set>', 'only this data set, not all'))
    .addOption(
      new Option('--attributes <column,…>', 'columns of numbers that are features too')
        .argParser(list)
        .default([], 'none'),
    )
    .addOption(
      new Option('--encoder <kind>', 'session encoder')
        .choices(['attention', 'gru', 'mixed', 'auto'])
        .default('attention'),
    )
    .option('--min-sessions <k>', 'k of all models', wholeNumber(1), 3)
    .addOption(
      new Option('--seeds <seed,…>', 'one training for each seed; figures are their means')
        .argParser((text) => list(text).map(wholeNumber(0)))
        .default([1], '1'),
    )
    .addHelpText(
      'after',
      '\nExample:\n  npm --prefix bench run content -- ../datasets --only uci-clickstream --attributes colour,page',
    )
    .action(run),
)

async function run(folder: string, options: Options): Promise<void> {
  const { only, attributes, encoder, minSessions, seeds } = options
  const sets = dataSets(folder, FILES, only)
  const experiment = await bundled<{ arrivals: typeof arrivals }>(
    join(import.meta.dirname, 'experiment.ts'),
    'content',
  )
  const known = readResults<Record<string, Measured>>('content.json', {})
  for (const set of sets) {
    const runs: Measured['runs'] = []
    for (const seed of seeds) {
      runs.push(
        await experiment.arrivals({
          events: set.file('train.tsv.gz'),
          catalogue: set.file('items.tsv.gz'),
          attributes,
          minSessions,
          encoder,
          seed,
          say: (line) => console.error(`${set.name}, seed ${seed}: ${line}`),
        }),
      )
    }
    known[set.name] = { minSessions, encoder, runs }
    writeResults('content.json', known)
    writeSection('experiments.md', 'content', section(known))
  }
}
