/** The shop's pack, trained by the command line as any shop would; kept until the data or the trainer changes. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { runChild } from './run-child.js'
import { categoryOf } from './shop/categories.js'
import { DATA_FILES, readBaskets, readItems } from './shop/data.js'
import { stamp, textOf } from './stamp.js'

export const PACKS = 'demo/dist/packs'

const PACK = `${PACKS}/shop`
const LOG = 'demo/dist/log'
/** What a pack is made of and by. The rest of the engine may change without a new one. */
const SOURCES = [
  ...DATA_FILES,
  ...['demo/shop', 'demo/train.ts', 'train/kernels'],
  ...['data', 'maths', 'model', 'pack', 'commands/train.ts'].map((name) => `train/src/${name}`),
  ...['catalog', 'compute', 'pack', 'rank', 'session'].map((name) => `worker/${name}`),
]

/** @returns whether a new pack was made */
export async function trainPack(fresh: boolean): Promise<boolean> {
  const wanted = stamp(SOURCES)
  const kept = `${PACKS}/shop.sources`
  if (!fresh && textOf(kept) === wanted && textOf(`${PACK}/manifest.json`)) return false

  writeLog()
  // Afresh from nothing; otherwise the old pack stays as the one to roll back to, and the sequence grows.
  if (fresh) rmSync(PACK, { recursive: true, force: true })
  rmSync(kept, { force: true })
  await runChild([
    'build/nearside.mjs',
    'train',
    '--events',
    `${LOG}/baskets.tsv.gz`,
    '--catalog',
    `${LOG}/items.tsv`,
    '--out',
    PACK,
    // A basket's rows have no order that another kind could read; trying them would only take longer.
    '--encoder',
    'attention',
  ])
  writeFileSync(kept, wanted)
  return true
}

/** The shop's log and catalogue in the form that the command line reads. */
function writeLog(): void {
  mkdirSync(LOG, { recursive: true })
  const events = readBaskets().flatMap(({ time, items }, session) =>
    items.map((item) => `${session + 1}\t${item}\t${time}`),
  )
  writeFileSync(
    `${LOG}/baskets.tsv.gz`,
    gzipSync(`session_id\titem_id\ttimestamp\n${events.join('\n')}\n`, { level: 1 }),
  )
  const items = readItems().map(
    ({ id, title, price }) => `${id}\t${title}\t${categoryOf(title)}\t${price}\t/p/${id}.html`,
  )
  writeFileSync(`${LOG}/items.tsv`, `item_id\ttitle\tcategory\tprice\turl\n${items.join('\n')}\n`)
}
