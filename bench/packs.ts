/** The packs that are measured: one trained on the demo's data, one of a large shop's size. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { syntheticIds, writeSynthetic } from './synthetic.js'

export interface TestPack {
  name: string
  synthetic: boolean
  /** Name of its folder; beside it stands `<path>.json`, a list of ids. */
  path: string
  ids: string[]
}

function finish(pack: TestPack, folder: string): TestPack {
  writeFileSync(join(folder, `${pack.path}.json`), JSON.stringify(pack.ids.slice(0, 1000)))
  return pack
}

const lines = (file: string) => gunzipSync(readFileSync(file)).toString().trimEnd().split('\n').slice(1)

/** Trains with the command line that shops use, at its defaults. */
export function demoPack(root: string, folder: string): TestPack {
  const items = join(root, 'demo/data/items.tsv.gz')
  const events = join(folder, 'events.tsv')
  let minute = 0
  const rows = lines(join(root, 'demo/data/baskets.txt.gz')).flatMap((line, session) => {
    const [gap, ...basket] = line.split(' ')
    minute += Number(gap)
    return basket.map((item) => `${session}\t${item}\t${60 * minute}`)
  })
  writeFileSync(events, ['session_id\titem_id\ttimestamp', ...rows, ''].join('\n'))
  const out = join(folder, 'demo')
  rmSync(out, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  execFileSync(
    process.execPath,
    [join(root, 'train/dist/cli.js'), 'train', '--events', events, '--catalog', items, '--out', out],
    { stdio: ['ignore', 2, 2] },
  )
  const ids = lines(items).map((line) => line.split('\t')[0]!)
  return finish({ name: 'demo', synthetic: false, path: 'demo', ids }, folder)
}

export function syntheticPack(n: number, folder: string): TestPack {
  const path = `synthetic-${n}`
  writeSynthetic(n, join(folder, path))
  return finish({ name: 'synthetic', synthetic: true, path, ids: syntheticIds(n) }, folder)
}
