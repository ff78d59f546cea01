/**
 * `npm --prefix bench run speed`: how fast the trainer is beside PyTorch on one core, on the same batches of the same model.
 * Both run in turn, several rounds, because other work on the machine slows either down. CPU time is what counts.
 */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { program, start, wholeNumber } from '../../build/program.js'
import type { Kind } from '../../train/src/encoders/kind.js'
import { writeSection } from '../pages/section.js'
import { bundled, cacheOf } from '../script/bundled.js'
import { processor, today } from '../script/machine.js'
import { needPytorch, ONE_THREAD, pythonOption } from '../script/pytorch.js'
import { writeResults } from '../script/results.js'
import type { prepare, Timed } from './ours.js'
import { ALIKE, BUDGET, type Speed, speedSection } from './speed-section.js'

const KINDS: Kind[] = ['attention', 'gru']

interface Options {
  batches: number
  rounds: number
  python: string
}

await start(
  program('npm --prefix bench run speed --')
    .description(
      'How fast is the trainer beside PyTorch on one core? Both train the same batches. Takes about 5 minutes. PyTorch must ' +
        'be installed, with openblas: with the reference BLAS it is many times slower, and nothing is published. The exit ' +
        `status is 1 when the trainer needs more than ${BUDGET} times PyTorch's time.\n\n` +
        'Reads nothing. Writes docs/experiments.md and bench/results/speed.json.',
    )
    .option('--batches <n>', 'batches in a round', wholeNumber(1), 150)
    .option('--rounds <n>', 'rounds; the median counts', wholeNumber(1), 3)
    .addOption(pythonOption())
    .addHelpText('after', '\nExample:\n  npm --prefix bench run speed -- --rounds 5')
    .action(run),
)

interface PyTorch extends Timed {
  blas: string
  torch: string
}

async function run({ batches, rounds, python }: Options): Promise<void> {
  needPytorch(python)
  const ours = await bundled<{ prepare: typeof prepare }>(join(import.meta.dirname, 'ours.ts'), 'speed')
  const results: Speed['results'] = []
  for (const kind of KINDS) {
    const { spec, run } = ours.prepare(kind, batches)
    const file = join(cacheOf('speed'), `${kind}.json`)
    writeFileSync(file, JSON.stringify(spec))
    const pairs: [Timed, PyTorch][] = []
    for (let round = 0; round < rounds; round++) {
      const pair: [Timed, PyTorch] = [run(), theirs(python, file)]
      compare(kind, pair)
      pairs.push(pair)
    }
    results.push(summary(kind, pairs))
  }
  const { cpu, node } = processor()
  const speed: Speed = { cpu, node, date: today(), timed: batches, rounds, results }
  writeResults('speed.json', speed)
  const text = speedSection(speed)
  console.log(text)
  writeSection('experiments.md', 'speed', text)
  const slow = results.filter(({ ratio }) => ratio > BUDGET)
  if (slow.length > 0) {
    throw new Error(
      `over the budget of ${BUDGET}: ${slow.map(({ encoder, ratio }) => `${encoder} ${ratio}`).join(', ')}`,
    )
  }
}

function theirs(python: string, batches: string): PyTorch {
  const { status, signal, stdout, stderr } = spawnSync(
    python,
    [join(import.meta.dirname, 'speed.py'), batches],
    {
      encoding: 'utf8',
      env: ONE_THREAD,
    },
  )
  if (status !== 0) throw new Error(`speed.py ended with ${status ?? signal}:\n${stderr}`)
  const found = JSON.parse(stdout) as PyTorch
  console.error(`PyTorch ${found.torch} with the BLAS ${found.blas}`)
  if (found.blas === 'reference' || found.blas === 'unknown') {
    throw new Error('PyTorch with this BLAS is no fair comparison: apt install libopenblas0-pthread')
  }
  return found
}

function perSecond({ events, cpuSeconds }: Timed): number {
  return events / cpuSeconds
}

function median(list: number[]): number {
  return list.sort((a, b) => a - b)[Math.floor(list.length / 2)]!
}

/** @throws {Error} when the two did not train the same model */
function compare(kind: Kind, [ours, theirs]: [Timed, PyTorch]): void {
  console.error(
    `${kind}: ${Math.round(perSecond(ours))} events a CPU second, PyTorch ${Math.round(perSecond(theirs))}; ` +
      `losses ${ours.loss.toFixed(4)}, ${theirs.loss.toFixed(4)}`,
  )
  if (ours.events !== theirs.events || Math.abs(ours.loss / theirs.loss - 1) > ALIKE) {
    throw new Error(`${kind}: these are not the same model: ${JSON.stringify([ours, theirs])}`)
  }
}

function summary(encoder: Kind, pairs: [Timed, PyTorch][]): Speed['results'][number] {
  const [ours, theirs] = pairs[0]!
  return {
    encoder,
    ours: Math.round(median(pairs.map(([a]) => perSecond(a)))),
    pytorch: Math.round(median(pairs.map(([, b]) => perSecond(b)))),
    ratio: Number(median(pairs.map(([a, b]) => perSecond(b) / perSecond(a))).toFixed(2)),
    losses: [ours.loss, theirs.loss].map((loss) => Number(loss.toFixed(4))),
    torch: theirs.torch,
    blas: theirs.blas,
  }
}
