/** `npm --prefix bench run variety`: what variety costs, and what it brings. Results are kept, so runs add up. */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { program, repeatable, start, wholeNumber } from '../../build/program.js'
import { writeSection } from '../pages/section.js'
import { bundled, cacheOf } from '../script/bundled.js'
import { dataSets, FOLDER, typedPath } from '../script/data-sets.js'
import { nearside } from '../script/nearside.js'
import { readResults, writeResults } from '../script/results.js'
import type { frontier } from './experiment.js'
import { section, type Varied } from './section.js'
import { splitLog } from './split.js'

const FILES = ['train.tsv.gz', 'test.tsv.gz']

interface Options {
  only?: string[]
  packs?: string
  sample?: number
  test?: boolean
}

await start(
  program('npm --prefix bench run variety --')
    .description(
      'What does variety cost? Puts the lists of a pack in other orders: by MMR, a DPP, random swaps and a penalty on ' +
        'popularity, at rising strengths. Settings are chosen on the latest tenth of the training log; --test shows the test ' +
        'set. A data set takes 5 to 30 minutes to train the first time, and 2 minutes to measure.\n\n' +
        `Reads ${FILES.join(' and ')} of each data set, and items.tsv.gz where there is one. Writes docs/ranking.md and ` +
        'bench/results/variety.json; data sets that are not measured again keep their figures.',
    )
    .argument('<folder>', FOLDER)
    .addOption(repeatable('--only <set>', 'only this data set, not all'))
    .option('--packs <folder>', 'folder of the packs, to train each only once (default: a cache)')
    .option('--sample <n>', 'use only n sessions, drawn at random', wholeNumber(1))
    .option('--test', 'ask the test set, not the validation questions')
    .addHelpText(
      'after',
      '\nExample:\n  npm --prefix bench run variety -- ../datasets --only serenade-example',
    )
    .action(run),
)

async function run(folder: string, { only, packs, sample, test = false }: Options): Promise<void> {
  const sets = dataSets(folder, FILES, only)
  const experiment = await bundled<{ frontier: typeof frontier }>(
    join(import.meta.dirname, 'experiment.ts'),
    'variety',
  )
  const home = packs === undefined ? cacheOf('variety-packs') : typedPath(packs)
  mkdirSync(home, { recursive: true })
  const known = readResults<Varied>('variety.json', { validation: {}, test: {} })
  for (const set of sets) {
    const say = (line: string) => console.error(`${set.name}: ${line}`)
    const whole = set.file('train.tsv.gz')
    const [earlier, later] = ['train', 'test'].map((part) => join(home, `${set.name}.validation-${part}.tsv`))
    if (!test && !existsSync(later!)) splitLog(whole, earlier!, later!)
    const train = test ? whole : earlier!
    const pack = join(home, test ? set.name : `${set.name}-validation`)
    if (!existsSync(join(pack, 'manifest.json'))) await nearside('train', '--events', train, '--out', pack)
    const questions = test ? set.file('test.tsv.gz') : later!
    const usual = test ? known.validation[set.name]?.usual : undefined
    if (test && usual === undefined)
      throw new Error(`${set.name}: run it without --test first, which chooses the strength`)
    const input = { pack, questions, train, items: set.file('items.tsv.gz'), sample, usual }
    known[test ? 'test' : 'validation'][set.name] = await experiment.frontier(input, say)
    writeResults('variety.json', known)
    writeSection('ranking.md', 'variety', section(known))
  }
}
