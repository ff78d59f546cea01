/**
 * `npm --prefix bench run compare -- FOLDER [--only SET] [--min-sessions k] [--seeds n]`: encoders, losses and augmentations that
 * the trainer has or might have, in PyTorch (Debian's python3-torch), on the training logs of a folder of data sets, into
 * docs/model.md. What stands in compare.json is not measured again, so runs add up, and one that was stopped goes on.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { bundled, cacheOf } from '../bundled.js'
import { fillSection } from '../section.js'
import type { prepare } from './prepare.js'
import { type Compared, sectionOf, type Trial } from './section.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string' },
    'min-sessions': { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    python: { type: 'string', default: '/usr/bin/python3' },
  },
})
if (positionals.length !== 1)
  throw new Error('one folder of data sets expected: npm --prefix bench run compare -- ../datasets')
if (spawnSync(values.python, ['-c', 'import numpy, torch']).status !== 0)
  throw new Error(`${values.python} has no PyTorch: apt install python3-torch libopenblas0-pthread`)
// npm runs scripts in the package's folder; a relative path is meant from where the user stands.
const folder = resolve(process.env.INIT_CWD ?? '.', positionals[0]!)
const [k, seeds] = [Number(values['min-sessions']), Number(values.seeds)]
const env = { ...process.env, OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1', PYTHONDONTWRITEBYTECODE: '1' }

const memory = join(import.meta.dirname, 'compare.json')
const known: Record<string, Compared> = existsSync(memory) ? JSON.parse(readFileSync(memory, 'utf8')) : {}
const rows = JSON.parse(readFileSync(join(import.meta.dirname, 'rows.json'), 'utf8')) as {
  name: string
  gaps?: boolean
}[]
const script = join(import.meta.dirname, 'compare.py')
const source = join(import.meta.dirname, 'prepare.ts')
const experiment = await bundled<{ prepare: typeof prepare }>(source, 'compare')
for (const set of readdirSync(folder)) {
  const log = join(folder, set, 'train.tsv.gz')
  if (!existsSync(log) || (values.only !== undefined && values.only !== set)) continue
  const given = join(cacheOf('compare'), `${set}-${k}`)
  const { asked, time } = await experiment.prepare(log, k, given)
  const key = `${set}, k = ${k}`
  known[key] ??= { asked, trials: [] }
  const { trials } = known[key]
  // Gaps mean nothing where time is only an order.
  const names = rows.filter(({ gaps }) => !gaps || time === 'real').map(({ name }) => name)
  const wanted = Array.from({ length: seeds }, (_, i) => names.map((name) => [name, String(i + 1)])).flat()
  const missing = wanted.filter(
    ([name, seed]) => !trials.some((trial) => trial.name === name && trial.seed === Number(seed)),
  )
  if (missing.length === 0) continue
  const python = spawn(values.python, [script, given, ...(missing.flat() as string[])], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise((resolve) => python.once('close', resolve))
  for await (const line of createInterface(python.stdout)) {
    const trial = JSON.parse(line) as Trial
    trials.push(trial)
    console.error(`${key}: ${trial.name}: ${trial.recall20.toFixed(4)} / ${trial.mrr20.toFixed(4)}`)
    writeFileSync(memory, `${JSON.stringify(known, null, 2)}\n`)
  }
  const code = await ended
  if (code !== 0) throw new Error(`compare.py ended with ${code}`)
}

const page = join(import.meta.dirname, '../../docs/model.md')
const filled = fillSection(
  readFileSync(page, 'utf8'),
  'compare',
  'Other encoders, losses and augmentations',
  sectionOf(
    known,
    rows.map(({ name }) => name),
  ),
)
writeFileSync(page, filled)
