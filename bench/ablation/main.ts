/**
 * `npm --prefix bench run ablation`: what each part of the model is worth, on the training logs of a folder of data sets.
 * Results are kept, so runs add up.
 */
import { join } from 'node:path'
import { program, repeatable, start, wholeNumber } from '../../build/program.js'
import { writeSection } from '../pages/section.js'
import { bundled } from '../script/bundled.js'
import { dataSets, FOLDER } from '../script/data-sets.js'
import { readResults, writeResults } from '../script/results.js'
import type { Ablation, ablate } from './experiment.js'
import { section } from './section.js'

const FILES = ['train.tsv.gz']

interface Options {
  only?: string[]
  minSessions: number
}

await start(
  program('npm --prefix bench run ablation --')
    .description(
      'What is each part of the model worth? Trains on all but the latest tenth of a training log, takes parts of the model ' +
        'away or trains it differently, and asks about that tenth. A data set takes 5 to 30 minutes.\n\n' +
        `Reads ${FILES[0]} of each data set. Writes docs/experiments.md and bench/results/ablation.json; data sets that are ` +
        'not measured again keep their figures.',
    )
    .argument('<folder>', FOLDER)
    .addOption(repeatable('--only <set>', 'only this data set, not all'))
    .option('--min-sessions <k>', 'k of all models', wholeNumber(1), 1)
    .addHelpText(
      'after',
      '\nExample:\n  npm --prefix bench run ablation -- ../datasets --only uci-clickstream',
    )
    .action(run),
)

async function run(folder: string, { only, minSessions: k }: Options): Promise<void> {
  const sets = dataSets(folder, FILES, only)
  const { ablate: experiment } = await bundled<{ ablate: typeof ablate }>(
    join(import.meta.dirname, 'experiment.ts'),
    'ablation',
  )
  const known = readResults<Record<string, Ablation>>('ablation.json', {})
  for (const set of sets) {
    const say = (line: string) => console.error(`${set.name}: ${line}`)
    known[`${set.name}, k = ${k}`] = await experiment(set.file('train.tsv.gz'), k, say)
    writeResults('ablation.json', known)
    writeSection('experiments.md', 'ablation', section(known))
  }
}
