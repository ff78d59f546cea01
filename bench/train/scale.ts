/**
 * `npm --prefix bench run scale`: made-up logs of growing size (bench/simulator, as Parquet) through `nearside train`, and what that takes, into docs/model.md, labelled *simulated*. What has been measured stands in scale.json and
 * is not measured again without `--again`, so sizes can be run one by one: `npm --prefix bench run scale -- --events 1000000`.
 * There is an item for each 20 events. One kind of encoder throughout, so that rows differ by size alone.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { machine } from '../machine.js'
import { table } from '../report.js'
import { fillSection } from '../section.js'

const EVENTS_PER_ITEM = 20
const SEED = 1

const { values } = parseArgs({
  options: {
    events: { type: 'string', multiple: true, default: ['1000000', '3000000', '10000000'] },
    encoder: { type: 'string', default: 'attention' },
    again: { type: 'boolean', default: false },
  },
})

interface Measured {
  events: number
  items: number
  sessions: number
  seconds: number
  cpuSeconds: number
  peakMemoryMB: number
  packMB: number
  recall20: number
}

const root = join(import.meta.dirname, '../..')
const file = join(import.meta.dirname, 'scale.json')
const measured: Record<string, Measured> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}

function run(command: string, args: string[]) {
  const { status, stdout } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`)
  return JSON.parse(stdout)
}

for (const asked of values.events) {
  const events = Number(asked)
  if (measured[asked] && !values.again) continue
  const folder = mkdtempSync(join(tmpdir(), 'scale-'))
  try {
    const items = Math.ceil(events / EVENTS_PER_ITEM)
    const simulator = ['bench/node_modules/.bin/tsx', 'bench/simulator/main.ts', '--out', folder]
    const sizes = ['--events', asked, '--items', `${items}`, '--seed', `${SEED}`, '--format', 'parquet']
    run(process.execPath, [...simulator, ...sizes])
    console.error(`${asked} events: training`)
    const logs = ['--events', join(folder, 'events*.parquet'), '--catalog', join(folder, 'items.csv')]
    const out = join(folder, 'pack')
    const trained = run(process.execPath, [
      'build/nearside.mjs',
      'train',
      ...logs,
      '--out',
      out,
      '--json',
      '--encoder',
      values.encoder,
    ])
    const { wireBytes } = run(process.execPath, ['build/nearside.mjs', 'inspect', out, '--json'])
    measured[asked] = {
      events: trained.events,
      items: trained.items,
      sessions: trained.sessions,
      seconds: Math.round(trained.seconds),
      cpuSeconds: Math.round(trained.cpuSeconds),
      peakMemoryMB: trained.peakMemoryMB,
      packMB: Number((wireBytes / 1e6).toFixed(1)),
      recall20: Number(trained.validation.recall20.toFixed(3)),
    }
    writeFileSync(file, `${JSON.stringify(measured, null, 2)}\n`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const all = Object.values(measured).sort((a, b) => a.events - b.events)
const count = (n: number) => n.toLocaleString('en')
const { cpu, node } = machine('')
const section = `_Simulated_: logs of a made-up shop (\`bench/simulator\`, seed ${SEED}) through \`nearside train --encoder ${values.encoder}\` on 2
cores of ${cpu}, Node ${node}, shared with other work. Memory is the most that the process held, the database that reads the log
included; Recall@20 is the trainer's own validation; the pack is at brotli-11.

${table(
  [
    'simulated events',
    'items',
    'sessions',
    'CPU seconds',
    'CPU s for 100,000 events',
    'seconds',
    'memory',
    'pack',
    'Recall@20',
  ],
  all.map((m) => [
    count(m.events),
    count(m.items),
    count(m.sessions),
    count(m.cpuSeconds),
    ((m.cpuSeconds / m.events) * 1e5).toFixed(1),
    count(m.seconds),
    `${count(m.peakMemoryMB)} MB`,
    `${m.packMB} MB`,
    m.recall20.toFixed(3).replace(/^0/, ''),
  ]),
)}

Written by \`npm --prefix bench run scale\`.`
console.log(section)
const page = join(root, 'docs/model.md')
writeFileSync(page, fillSection(readFileSync(page, 'utf8'), 'scale', 'How it grows', section))
