/**
 * `npm --prefix bench run second-stage`: trains on public data sets as a shop would, notes what training found out about the
 * second stage, and asks the test sets where it was kept. Writes the section "The second stage" of docs/ranking.md.
 */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { program, repeatable, start } from '../../build/program.js'
import { writeSection } from '../pages/section.js'
import { logLook, looksSection, readLooks } from '../ranking/looks.js'
import { bundled, cacheOf } from '../script/bundled.js'
import { dataSets, FOLDER } from '../script/data-sets.js'
import { nearside } from '../script/nearside.js'
import { readResults, writeResults } from '../script/results.js'
import type { experiment } from './experiment.js'
import { type Measured, section } from './section.js'

const FILES = ['train.tsv.gz', 'test.tsv.gz']

await start(
  program('npm --prefix bench run second-stage --')
    .description(
      'Does a second stage pay? Trains a pack on each data set of a folder and notes what its held-out visits say. Where the pack ' +
        'keeps a second stage, the test set is asked too. A data set takes 1 to 10 minutes.\n\n' +
        `Reads ${FILES.join(' and ')} of each data set. Writes docs/ranking.md, bench/results/second-stage.json and, for each test ` +
        'set, a line in bench/results/looks.json. What is not measured again keeps its figures.',
    )
    .argument('<folder>', FOLDER)
    .addOption(repeatable('--only <set>', 'only this data set, not all'))
    .option('--purpose <words>', 'why the test sets are looked at, for the log of looks', 'measured again')
    .addHelpText(
      'after',
      '\nExample:\n  npm --prefix bench run second-stage -- ../datasets --only uci-clickstream --purpose "first measurement"',
    )
    .action(run),
)

async function run(folder: string, { only, purpose }: { only?: string[]; purpose: string }): Promise<void> {
  const own = await bundled<{ experiment: typeof experiment }>(
    join(import.meta.dirname, 'experiment.ts'),
    'second-stage',
  )
  const packs = join(cacheOf('second-stage'), 'packs')
  mkdirSync(packs, { recursive: true })
  for (const { name, file } of dataSets(folder, FILES, only)) {
    console.error(name)
    const [train, test, catalogue] = [file('train.tsv.gz'), file('test.tsv.gz'), file('items.tsv.gz')]
    const pack = join(packs, name)
    const { secondStage, similar } = await nearside<Measured>(
      'train',
      ...['--events', train, '--out', pack, '--encoder', 'attention'],
      ...(existsSync(catalogue) ? ['--catalog', catalogue] : []),
    )
    const asked = secondStage?.kept ? await own.experiment(pack, train, test) : undefined
    if (asked) logLook(`second-stage, ${name}`, purpose)
    const known = readResults<Record<string, Measured>>('second-stage.json', {})
    known[name] = {
      ...(secondStage && { secondStage }),
      ...(similar && { similar }),
      ...(asked && { test: asked }),
    }
    writeResults('second-stage.json', known)
    writeSection('ranking.md', 'second-stage', section(known))
    writeSection('ranking.md', 'looks', looksSection(readLooks()))
  }
}
