/** The shop's pack, trained with the command line like any shop's, and kept until the data or the trainer changes. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { gzipSync } from 'node:zlib'
import { runChild } from './run-child.js'
import { categoryOf } from './shop/categories.js'
import { type Basket, DATA_FILES, readBaskets, readItems } from './shop/data.js'
import { stamp, textOf } from './stamp.js'

export const PACKS = 'demo/dist/packs'

const PACK = `${PACKS}/shop`
const LOG = 'demo/dist/log'
/** What a pack depends on. The rest of the engine can change without a new one. */
const SOURCES = [
  ...DATA_FILES,
  ...['demo/shop', 'demo/train.ts', 'train/kernels'],
  ...['data', 'encoders', 'maths', 'model', 'pack', 'commands/train.ts'].map((name) => `train/src/${name}`),
  ...['catalog', 'compute', 'pack', 'rank', 'session'].map((name) => `worker/${name}`),
]

/** Hash of the sources that the pack was trained on. */
const KEPT = `${PACKS}/shop.sources`
/** More threads than this gain little on a log of this size. */
const MOST_THREADS = 4

/** Whether there is a pack of the present data and trainer. */
export function hasPack(): boolean {
  return textOf(KEPT) === stamp(SOURCES) && textOf(`${PACK}/manifest.json`) !== ''
}

/** @param fresh forget the old pack; otherwise it stays as the one to roll back to, and the sequence grows */
export async function trainPack(fresh: boolean, signal: AbortSignal): Promise<void> {
  const wanted = stamp(SOURCES)
  if (fresh) rmSync(PACK, { recursive: true, force: true })
  rmSync(KEPT, { force: true })
  await trainOn(readBaskets(), { log: LOG, pack: PACK }, signal)
  writeFileSync(KEPT, wanted)
}

/** Trains with the command line. `log` is the folder for the files that it reads. */
export async function trainOn(
  baskets: readonly Basket[],
  folders: { log: string; pack: string },
  signal?: AbortSignal,
): Promise<void> {
  writeLog(baskets, folders.log)
  const options = {
    '--events': `${folders.log}/baskets.tsv.gz`,
    '--catalog': `${folders.log}/items.tsv`,
    '--out': folders.pack,
    // The items of a basket are in no order that another encoder could use. Trying the others would only take longer.
    '--encoder': 'attention',
    '--workers': String(Math.max(2, Math.min(MOST_THREADS, availableParallelism()))),
  }
  await runChild(['build/nearside.mjs', 'train', ...Object.entries(options).flat()], signal)
}

/** Writes the shop's log and catalogue in the form that the command line reads. */
function writeLog(baskets: readonly Basket[], folder: string): void {
  mkdirSync(folder, { recursive: true })
  const events = baskets.flatMap(({ time, items }, session) =>
    items.map((item) => `${session + 1}\t${item}\t${time}`),
  )
  writeFileSync(
    `${folder}/baskets.tsv.gz`,
    gzipSync(`session_id\titem_id\ttimestamp\n${events.join('\n')}\n`, { level: 1 }),
  )
  const items = readItems().map(
    ({ id, title, price }) => `${id}\t${title}\t${categoryOf(title)}\t${price}\t/p/${id}.html`,
  )
  writeFileSync(`${folder}/items.tsv`, `item_id\ttitle\tcategory\tprice\turl\n${items.join('\n')}\n`)
}
