/**
 * `npm --prefix bench run compare`: encoders, losses and augmentations that the trainer has or might have, in PyTorch, on the
 * training logs of a folder of data sets.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { program, repeatable, start, wholeNumber } from '../../build/program.js'
import { writeSection } from '../pages/section.js'
import { bundled, cacheOf } from '../script/bundled.js'
import { dataSets, FOLDER } from '../script/data-sets.js'
import { needPytorch, ONE_THREAD, pythonOption } from '../script/pytorch.js'
import { readResults, writeResults } from '../script/results.js'
import type { prepare } from './prepare.js'
import { ROWS } from './rows.js'
import { type Compared, section, type Trial } from './section.js'

const FILES = ['train.tsv.gz']

interface Options {
  only?: string[]
  minSessions: number
  seeds: number
  python: string
}

await start(
  program('npm --prefix bench run compare --')
    .description(
      'Would another encoder, loss or augmentation be better than what the trainer has? Trains each row of ' +
        'compare/rows.json in PyTorch, which must be installed. A data set takes 10 to 30 minutes for each seed.\n\n' +
        `Reads ${FILES[0]} of each data set. Writes docs/experiments.md and bench/results/compare.json. What is in that file ` +
        'is not measured again, so a run that was stopped goes on, and runs add up.',
    )
    .argument('<folder>', FOLDER)
    .addOption(repeatable('--only <set>', 'only this data set, not all'))
    .option('--min-sessions <k>', 'k of all models', wholeNumber(1), 1)
    .option('--seeds <n>', 'trainings of each row, with the seeds 1 to n', wholeNumber(1), 1)
    .addOption(pythonOption())
    .addHelpText(
      'after',
      '\nExample:\n  npm --prefix bench run compare -- ../datasets --only diginetica --seeds 3',
    )
    .action(run),
)

async function run(folder: string, { only, minSessions: k, seeds, python }: Options): Promise<void> {
  const sets = dataSets(folder, FILES, only)
  needPytorch(python)
  const { prepare: write } = await bundled<{ prepare: typeof prepare }>(
    join(import.meta.dirname, 'prepare.ts'),
    'compare',
  )
  const known = readResults<Record<string, Compared>>('compare.json', {})
  for (const set of sets) {
    const given = join(cacheOf('compare'), `${set.name}-${k}`)
    const { asked, time } = await write(set.file('train.tsv.gz'), k, given)
    const key = `${set.name}, k = ${k}`
    known[key] ??= { asked, trials: [] }
    const { trials } = known[key]
    const missing = wanted(seeds, time === 'real').filter(
      ([name, seed]) => !trials.some((trial) => trial.name === name && trial.seed === seed),
    )
    let done = 0
    await train(python, given, missing, (trial) => {
      trials.push(trial)
      done++
      const figures = `${trial.recall20.toFixed(4)} / ${trial.mrr20.toFixed(4)}`
      console.error(`${key}: ${trial.name}: ${figures} (${done} of ${missing.length})`)
      writeResults('compare.json', known)
    })
  }
  writeSection(
    'experiments.md',
    'compare',
    section(
      known,
      ROWS.map(({ name }) => name),
    ),
  )
}

/** Names and seeds. Rows about gaps mean nothing where time is only an order. */
function wanted(seeds: number, realTime: boolean): [name: string, seed: number][] {
  const rows = ROWS.filter(({ gaps }) => !gaps || realTime)
  return Array.from({ length: seeds }, (_, i) =>
    rows.map(({ name }): [string, number] => [name, i + 1]),
  ).flat()
}

/** @param given folder that prepare.ts wrote */
async function train(
  python: string,
  given: string,
  trials: readonly [name: string, seed: number][],
  onTrial: (trial: Trial) => void,
): Promise<void> {
  if (trials.length === 0) return
  const script = join(import.meta.dirname, 'compare.py')
  const child = spawn(python, [script, given, ...trials.flat().map(String)], {
    env: ONE_THREAD,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise((resolve) => child.once('close', resolve))
  for await (const line of createInterface(child.stdout)) onTrial(JSON.parse(line) as Trial)
  const code = await ended
  if (code !== 0) throw new Error(`compare.py ended with ${code}`)
}
