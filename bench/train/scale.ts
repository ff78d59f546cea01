/**
 * `npm --prefix bench run scale`: made-up logs of growing size (bench/simulator, as Parquet) through `nearside train`. There is
 * one item for every 20 events, and one kind of encoder, so rows differ by size alone.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { program, repeatable, start } from '../../build/program.js'
import { writeSection } from '../pages/section.js'
import { processor } from '../script/machine.js'
import { nearside } from '../script/nearside.js'
import { readResults, writeResults } from '../script/results.js'
import { peopleFor } from '../simulator/log.js'
import { Shop } from '../simulator/shop.js'
import { writeShop } from '../simulator/write.js'
import { type Grown, type Scale, scaleSection } from './scale-section.js'

const EVENTS_PER_ITEM = 20
const SEED = 1

interface Options {
  events: string[]
  encoder: string
  again?: boolean
}

await start(
  program('npm --prefix bench run scale --')
    .description(
      'How do time, memory and pack grow with the log? Trains on logs of a made-up shop. A million events take about 12 ' +
        'minutes, ten million about 50 minutes and 3 GB of memory.\n\n' +
        'Reads nothing. Writes docs/experiments.md and bench/results/scale.json. What is in that file is not measured again ' +
        'without --again, so sizes can be run one by one.',
    )
    .addOption(repeatable('--events <n>', 'size of a log', ['1000000', '3000000', '10000000']))
    .option('--encoder <kind>', 'session encoder', 'attention')
    .option('--again', 'measure again what is already measured')
    .addHelpText('after', '\nExample:\n  npm --prefix bench run scale -- --events 300000')
    .action(run),
)

async function run({ events, encoder, again }: Options): Promise<void> {
  const known = readResults<Scale>('scale.json', { ...processor(), seed: SEED, encoder, measured: {} })
  const measured = { ...known.measured }
  let results: Scale = known
  for (const asked of events) {
    if (measured[asked] && !again) continue
    measured[asked] = await grow(asked, encoder)
    results = { ...processor(), seed: SEED, encoder, measured }
    writeResults('scale.json', results)
  }
  const text = scaleSection(results)
  console.log(text)
  writeSection('experiments.md', 'scale', text)
}

interface Trained {
  events: number
  items: number
  sessions: number
  seconds: number
  cpuSeconds: number
  peakMemoryMB: number
  validation: { recall20: number }
}

async function grow(asked: string, encoder: string): Promise<Grown> {
  const events = Number(asked)
  const folder = mkdtempSync(join(tmpdir(), 'nearside-scale-'))
  try {
    console.error(`${asked} events: writing the log`)
    const shop = new Shop(Math.ceil(events / EVENTS_PER_ITEM), peopleFor(events), SEED)
    await writeShop(shop, { folder, events, format: 'parquet', exposures: false })
    console.error(`${asked} events: training`)
    const out = join(folder, 'pack')
    const trained = await nearside<Trained>(
      'train',
      ...['--events', join(folder, 'events*.parquet'), '--catalog', join(folder, 'items.csv')],
      ...['--out', out, '--encoder', encoder],
    )
    const { wireBytes } = await nearside<{ wireBytes: number }>('inspect', out)
    return {
      events: trained.events,
      items: trained.items,
      sessions: trained.sessions,
      seconds: Math.round(trained.seconds),
      cpuSeconds: Math.round(trained.cpuSeconds),
      peakMemoryMB: trained.peakMemoryMB,
      packMB: Number((wireBytes / 1e6).toFixed(1)),
      recall20: Number(trained.validation.recall20.toFixed(3)),
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
