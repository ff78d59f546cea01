/**
 * `npm --prefix bench run dislikes`: what one "less like this" takes from the like of an item, and from other interests, on
 * public data sets. Results are kept, so runs with `--only` add up.
 */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { program, repeatable, start, wholeNumber } from '../../build/program.js'
import { writeSection } from '../pages/section.js'
import { bundled, cacheOf } from '../script/bundled.js'
import { dataSets, FOLDER, typedPath } from '../script/data-sets.js'
import { nearside } from '../script/nearside.js'
import { readResults, writeResults } from '../script/results.js'
import type { measure } from './experiment.js'
import { type Disliked, section } from './section.js'

const FILES = ['train.tsv.gz', 'test.tsv.gz']

interface Options {
  only?: string[]
  sample: number
  packs?: string
  on: 'train' | 'test'
}

await start(
  program('npm --prefix bench run dislikes --')
    .description(
      'What does "less like this" do? Replays visits of a test log, asks for less like one of their items, and counts how many ' +
        'of the first 24 places its 20 nearest items, and the like of other items, have before and after. A data set takes ' +
        '1 to 3 minutes, and as long as a training where there is no pack.\n\n' +
        `Reads ${FILES.join(' and ')} of each data set. Writes docs/ranking.md and bench/results/dislikes.json; data sets that ` +
        'are not measured again keep their figures.',
    )
    .argument('<folder>', FOLDER)
    .addOption(repeatable('--only <set>', 'only this data set, not all'))
    .option('--sample <n>', 'visits to ask about', wholeNumber(1), 500)
    .option('--packs <folder>', 'use packs trained before, in folders named <set>-3, where they are there')
    .option('--on <log>', 'test, or train to choose constants: then nothing is written', 'test')
    .addHelpText(
      'after',
      '\nExample:\n  npm --prefix bench run dislikes -- ../datasets --only serenade-example',
    )
    .action(run),
)

async function run(folder: string, { only, sample, packs, on }: Options): Promise<void> {
  const own = packs ? typedPath(packs) : cacheOf('dislikes')
  mkdirSync(own, { recursive: true })
  const { measure: experiment } = await bundled<{ measure: typeof measure }>(
    join(import.meta.dirname, 'experiment.ts'),
    'dislikes',
  )
  const known = readResults<Disliked>('dislikes.json', {})
  for (const set of dataSets(folder, FILES, only)) {
    console.error(set.name)
    const pack = join(own, `${set.name}-3`)
    if (!existsSync(join(pack, 'manifest.json'))) {
      await nearside('train', '--events', set.file('train.tsv.gz'), '--out', pack, '--min-sessions', '3')
    }
    const found = await experiment(set.file(`${on}.tsv.gz`), pack, sample)
    console.log(set.name, JSON.stringify(found))
    if (on === 'train') continue
    known[set.name] = found
    writeResults('dislikes.json', known)
    writeSection('ranking.md', 'dislikes', section(known))
  }
}
