/**
 * `npm --prefix bench run privacy`: attacks packs of each data set for several k through the command line, as a shop would
 * (`nearside inspect --privacy`), and writes the section of docs/privacy.md. Test sets are not looked at.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { program, repeatable, start } from '../../build/program.js'
import type { Attacked } from '../../train/src/privacy/attack.js'
import { writeSection } from '../pages/section.js'
import { cacheOf } from '../script/bundled.js'
import { dataSets, FOLDER } from '../script/data-sets.js'
import { nearside } from '../script/nearside.js'
import { readResults, writeResults } from '../script/results.js'
import { type Measured, section } from './section.js'

const FILES = ['train.tsv.gz']

interface Options {
  only: string[]
  minSessions: string[]
  again?: boolean
}

await start(
  program('npm --prefix bench run privacy --')
    .description(
      'What does a pack reveal? Attacks packs of each data set: was a session in the training, can a half-known session be ' +
        "completed, what does the next day's pack tell? A data set and k are four trainings, 5 to 20 minutes.\n\n" +
        `Reads ${FILES[0]} of each data set. Writes docs/privacy.md and bench/results/privacy.json. What is in that file is ` +
        'not measured again without --again, so a run that was stopped goes on, and runs add up.',
    )
    .argument('<folder>', FOLDER)
    .addOption(repeatable('--only <set>', 'only this data set', ['serenade-example', 'uci-clickstream']))
    .addOption(repeatable('--min-sessions <k>', 'a k to train with', ['1', '2', '3', '5']))
    .option('--again', 'measure again what is already measured')
    .addHelpText(
      'after',
      '\nExample:\n  npm --prefix bench run privacy -- ../datasets --only serenade-example --again',
    )
    .action(run),
)

async function run(folder: string, { only, minSessions, again }: Options): Promise<void> {
  const measured = readResults<Record<string, Measured>>('privacy.json', {})
  mkdirSync(cacheOf('privacy'), { recursive: true })
  for (const set of dataSets(folder, FILES, only)) {
    const log = set.file('train.tsv.gz')
    for (const k of minSessions) {
      const key = `${set.name} ${k}`
      if (measured[key] && !again) continue
      console.error(`${set.name}, k = ${k}`)
      const pack = join(cacheOf('privacy'), `${set.name}-${k}`)
      await nearside('train', '--events', log, '--out', pack, '--min-sessions', k)
      const { privacy } = await nearside<{ privacy: Attacked }>('inspect', pack, '--privacy', '--events', log)
      measured[key] = { set: set.name, ...privacy }
      const sorted = Object.entries(measured).sort(([a], [b]) => (a < b ? -1 : 1))
      writeResults('privacy.json', Object.fromEntries(sorted))
      writeSection('privacy.md', 'privacy', section(measured))
    }
  }
  writeSection('privacy.md', 'privacy', section(measured))
}
