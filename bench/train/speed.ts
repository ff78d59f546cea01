/**
 * `npm --prefix bench run speed`: how fast the trainer is beside PyTorch on one core of a CPU, on the same batches of the same
 * model, and writes it into docs/model.md. PyTorch is Debian's (python3-torch, with libopenblas0-pthread: with the reference
 * BLAS it is many times slower, and nothing is published).
 *
 * Both run in turn, several rounds, because other work on the machine slows either down; CPU time is what counts.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Kind } from '../../train/src/model/encoders/kind.js'
import { bundled, cacheOf } from '../bundled.js'
import { machine } from '../machine.js'
import { table } from '../report.js'
import { fillSection } from '../section.js'
import type { prepare, Timed } from './ours.js'

/** What the trainer is to stay within, of PyTorch's time. */
const BUDGET = 1.2
/** Losses further apart than this, in part, are not of one model. */
const ALIKE = 0.02
const KINDS: Kind[] = ['attention', 'gru']

const { values } = parseArgs({
  options: {
    batches: { type: 'string', default: '150' },
    rounds: { type: 'string', default: '3' },
    python: { type: 'string', default: '/usr/bin/python3' },
  },
})
const [timed, rounds] = [Number(values.batches), Number(values.rounds)]
if (spawnSync(values.python, ['-c', 'import torch']).status !== 0) {
  throw new Error(
    `${values.python} has no PyTorch to compare with: apt install python3-torch libopenblas0-pthread`,
  )
}

const ours = await bundled<{ prepare: typeof prepare }>(join(import.meta.dirname, 'ours.ts'), 'speed')

interface PyTorch extends Timed {
  blas: string
  torch: string
}

function theirs(batches: string): PyTorch {
  const { status, stdout, stderr } = spawnSync(
    values.python,
    [join(import.meta.dirname, 'speed.py'), batches],
    { encoding: 'utf8', env: { ...process.env, OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1' } },
  )
  if (status !== 0) throw new Error(`speed.py ended with ${status}:\n${stderr}`)
  const found = JSON.parse(stdout) as PyTorch
  console.error(`PyTorch ${found.torch} with the BLAS ${found.blas}`)
  if (found.blas === 'reference' || found.blas === 'unknown') {
    throw new Error('PyTorch with this BLAS is no fair comparison: apt install libopenblas0-pthread')
  }
  return found
}

const perSecond = ({ events, cpuSeconds }: Timed) => events / cpuSeconds
const median = (list: number[]) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)]!

const results = []
for (const kind of KINDS) {
  const { spec, run } = ours.prepare(kind, timed)
  const batches = join(cacheOf('speed'), `${kind}.json`)
  writeFileSync(batches, JSON.stringify(spec))
  const pairs: [Timed, PyTorch][] = []
  for (let round = 0; round < rounds; round++) {
    const pair: [Timed, PyTorch] = [run(), theirs(batches)]
    pairs.push(pair)
    const [a, b] = pair
    console.error(
      `${kind}: ${Math.round(perSecond(a))} events a CPU-second, PyTorch ${Math.round(perSecond(b))}; losses ${a.loss.toFixed(4)}, ${b.loss.toFixed(4)}`,
    )
    if (a.events !== b.events || Math.abs(a.loss / b.loss - 1) > ALIKE) {
      throw new Error(`${kind}: these are not the same model: ${JSON.stringify(pair)}`)
    }
  }
  results.push({
    encoder: kind,
    ours: Math.round(median(pairs.map(([a]) => perSecond(a)))),
    pytorch: Math.round(median(pairs.map(([, b]) => perSecond(b)))),
    /** Our time in parts of PyTorch's. */
    ratio: Number(median(pairs.map(([a, b]) => perSecond(b) / perSecond(a))).toFixed(2)),
    losses: [pairs[0]![0].loss, pairs[0]![1].loss].map((loss) => Number(loss.toFixed(4))),
    torch: pairs[0]![1].torch,
    blas: pairs[0]![1].blas,
  })
}

const { cpu, node, date } = machine('')
writeFileSync(
  join(import.meta.dirname, 'speed.json'),
  `${JSON.stringify({ cpu, node, date, timed, rounds, results }, null, 2)}\n`,
)
const count = (n: number) => n.toLocaleString('en')
const section = `Events that one core trains on in a second of CPU time, d = 64, batches of about 1,024 events, 2,048 draws of shared negatives,
the same batches and the same optimiser; and our time in parts of PyTorch's (at most ${BUDGET}). PyTorch ${results[0]!.torch} with
${results[0]!.blas}, one thread, sessions packed by length, sparse updates by hand, its batches laid out before the clock
runs. Median of ${rounds} rounds of ${timed} batches on ${cpu}, Node ${node}, shared with other work; the mean losses of the two are within
${100 * ALIKE} %, so they are the same model.

${table(
  ['encoder', 'nearside train', 'PyTorch', 'our time / theirs'],
  results.map(({ encoder, ours, pytorch, ratio }) => [
    encoder,
    count(ours),
    count(pytorch),
    ratio.toFixed(2),
  ]),
)}

Written by \`npm --prefix bench run speed\`.`
console.log(section)
const page = join(import.meta.dirname, '../../docs/model.md')
const before = existsSync(page) ? readFileSync(page, 'utf8') : '# The model\n'
writeFileSync(page, fillSection(before, 'speed', 'How fast it trains', section))
const slow = results.filter(({ ratio }) => ratio > BUDGET)
if (slow.length > 0) {
  console.error(
    `over the budget of ${BUDGET}: ${slow.map(({ encoder, ratio }) => `${encoder} ${ratio}`).join(', ')}`,
  )
  process.exitCode = 1
}
