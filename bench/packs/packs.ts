/** The packs that are measured: one trained on the demo's data, and one as large as a big shop's. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { nearside } from '../script/nearside.js'
import { syntheticIds, writeSynthetic } from './synthetic.js'

export interface TestPack {
  name: string
  synthetic: boolean
  /** Name of its folder. A list of its ids is in `<path>.json` beside it. */
  path: string
  ids: string[]
}

function finish(pack: TestPack, folder: string): TestPack {
  writeFileSync(join(folder, `${pack.path}.json`), JSON.stringify(pack.ids.slice(0, 1000)))
  return pack
}

const lines = (file: string) => gunzipSync(readFileSync(file)).toString().trimEnd().split('\n').slice(1)

/**
 * Trains with the command line that shops use, and again only when the trainer or the data has changed.
 * @param baskets how many of the latest baskets to train on
 */
export async function demoPack(root: string, folder: string, baskets: number): Promise<TestPack> {
  const items = join(root, 'demo/data/items.tsv.gz')
  const log = join(root, 'demo/data/baskets.txt.gz')
  const trainer = join(root, 'train/dist')
  const path = `demo-${baskets}`
  const out = join(folder, path)

  const hash = createHash('sha256')
  for (const file of [
    items,
    log,
    ...readdirSync(trainer, { recursive: true }).map((name) => join(trainer, `${name}`)),
  ]) {
    if (statSync(file).isFile()) hash.update(readFileSync(file))
  }
  const stamp = join(folder, `${path}.stamp`)
  const made = hash.digest('hex')
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== made) {
    rmSync(out, { recursive: true, force: true })
    const events = join(folder, 'events.tsv')
    writeFileSync(events, eventsOf(log, baskets))
    // As the demo trains it.
    await nearside('train', '--events', events, '--catalog', items, '--out', out, '--encoder', 'attention')
    writeFileSync(stamp, made)
  }
  const ids = lines(items).map((line) => line.split('\t')[0]!)
  return finish({ name: 'demo', synthetic: false, path, ids }, folder)
}

/** The demo's baskets, as a log like any shop's. */
function eventsOf(log: string, latest: number): string {
  let minute = 0
  const sessions = lines(log).map((line, session) => {
    const [gap, ...basket] = line.split(' ')
    minute += Number(gap)
    return basket.map((item) => `${session}\t${item}\t${60 * minute}\n`).join('')
  })
  return `session_id\titem_id\ttimestamp\n${sessions.slice(-latest).join('')}`
}

export function syntheticPack(n: number, folder: string): TestPack {
  const path = `synthetic-${n}`
  rmSync(join(folder, path), { recursive: true, force: true })
  writeSynthetic(n, join(folder, path))
  return finish({ name: 'synthetic', synthetic: true, path, ids: syntheticIds(n) }, folder)
}
