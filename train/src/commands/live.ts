/** `nearside live`: writes what changes faster than a pack. */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { openCatalog } from '../../../worker/catalog/open.js'
import { openStrings } from '../../../worker/catalog/strings.js'
import { MAX_LIVE_BYTES, parseLive } from '../../../worker/live/file.js'
import type { Renames } from '../data/columns.js'
import { loadCatalogue, loadLog } from '../data/load/load.js'
import { compareFeed, type LiveJson, liveJson } from '../live/compare.js'
import { trendingIn } from '../live/trending.js'
import { timestamp } from '../pack/folder.js'
import { readPackFromDisk } from '../pack/read.js'
import { signatureBy } from '../pack/release.js'
import { openProgress } from '../running/progress.js'
import { integer, renames } from './options.js'
import { count, tellBad } from './told.js'

interface Options {
  pack: string
  feed: string
  out: string
  events?: string[]
  halfLife: number
  boosts?: string
  complete?: boolean
  columns?: Renames
  key?: string
  json?: boolean
}

export function register(program: Command): void {
  program
    .command('live')
    .summary('publish stock, prices and new items without training')
    .description(
      'Compares a feed of the shop with a pack and writes what differs to a small file: what is out of stock, changed prices ' +
        'and new items. Open pages ask for it about once a minute: create({ pack, live }). Browsers place new items by their ' +
        'titles, categories, brands and prices among those that the pack knows. Run it as often as the feed changes; after ' +
        'each training run it again, because the file belongs to one pack.',
    )
    .requiredOption('--pack <folder>', 'the pack that is published now')
    .requiredOption('--feed <file>', 'items with the columns of a catalogue: CSV, TSV, JSON lines or Parquet')
    .requiredOption('--out <file>', 'the file to write, usually live.json beside the pack')
    .option('--events <files...>', 'recent events; what many sessions have now is named as trending')
    .option(
      '--half-life <hours>',
      'after so many hours a session counts half for --events',
      integer(1, 8760),
      24,
    )
    .option('--boosts <file>', 'JSON: a factor for each id; 2 moves an item from place 10 to about place 5')
    .option('--complete', 'the feed has every item that is sold: those that it lacks are out of stock')
    .option('--columns <ours=theirs,…>', 'names of columns that differ', renames)
    .option('--key <file>', 'private key (PEM) to sign the file with; needed where the pack is signed')
    .option('--json', 'print what was written as JSON')
    .addHelpText(
      'after',
      `
Takes seconds. The pack stays as it is.

The feed needs item_id; available, price, title, category, brand and added are used where they exist,
and further columns where the pack has them. An item that the feed lacks stays as the pack says, unless
--complete is given. New items are those that the pack does not know.

Limits: 512 KB, 2,000 new items. If more are new, the oldest are left out: train a new pack then.
Prices, stock and new items are public, as all of a pack is. Nothing is sent by the visitor's device:
the file is a download.

Examples:
  nearside live --pack packs/shop --feed feed.csv --out packs/shop/live.json
  nearside live --pack packs/shop --feed all-items.csv --complete --boosts boosts.json --out packs/shop/live.json
  nearside live --pack packs/shop --feed feed.csv --events today.csv --out packs/shop/live.json --key shop.pem`,
    )
    .action(run)
}

async function run(options: Options): Promise<void> {
  const { feed, out, events, columns: renamed = new Map(), key, json } = options
  const progress = openProgress(Boolean(json))
  try {
    progress.update('reading', 0, 0)
    const pack = await readPackFromDisk(options.pack)
    const catalog = openCatalog(pack)
    const { sequence, minSessions } = pack.manifest
    const read = await loadCatalogue(feed, renamed)
    tellBad(progress, read.report.bad, read.report.rows)
    const names = pack.has('facts.attributes') ? openStrings(pack, 'facts.attributes') : undefined
    const columns = Array.from({ length: names?.length ?? 0 }, (_, i) => names!.at(i))
    const found = compareFeed(catalog, read, columns, options.complete ?? false)
    if (found.leftOut > 0)
      progress.say(`${count(found.leftOut)} new items are left out, the oldest: train a pack with them`)
    const live = liveJson(sequence, timestamp(), {
      ...found,
      ...(options.boosts !== undefined && { boosts: boostsIn(options.boosts) }),
      ...(events && { trending: await trendingOf(events, renamed, options.halfLife, minSessions) }),
    })
    const bytes = checked(live, options.boosts)
    if (existsSync(out)) refuseOlder(out)
    const signed = key === undefined ? undefined : signatureBy(key, bytes)
    // The signature first: a browser that meets the old file with it keeps what it has, and asks again.
    if (signed) replace(`${out}.sig`, signed.signature)
    else rmSync(`${out}.sig`, { force: true })
    replace(out, bytes)
    progress.stop()
    const size = (field: keyof LiveJson) => Object.keys(live[field] ?? {}).length
    const figures = {
      out: size('out'),
      back: size('back'),
      prices: size('prices'),
      items: size('items'),
      boosts: size('boosts'),
      trending: size('trending'),
    }
    if (json) console.log(JSON.stringify({ file: out, pack: sequence, bytes: bytes.length, ...figures }))
    else
      console.log(
        `${out}: for sequence ${sequence}, ${count(bytes.length)} bytes, ${signed ? 'signed' : 'unsigned'}\n` +
          `${count(figures.out)} out of stock, ${count(figures.back)} back, ${count(figures.prices)} prices, ` +
          `${count(figures.items)} new items, ${count(figures.boosts)} boosts, ${count(figures.trending)} trending`,
      )
  } finally {
    progress.stop()
  }
}

async function trendingOf(events: string[], renamed: Renames, halfLife: number, k: number) {
  const { data } = await loadLog({ events, renames: renamed })
  if (data.time !== 'real')
    throw new Error(
      `${events[0]}: trending needs times, and these are ${data.time === 'order' ? 'positions' : 'days'}`,
    )
  return trendingIn(data, halfLife * 3600, k)
}

function boostsIn(path: string): Record<string, number> {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new Error(`${path}: expected JSON such as {"sku1": 2}; ${(cause as Error).message}`, { cause })
  }
}

/** The bytes, after the browser's own checks. */
function checked(live: LiveJson, boosts: string | undefined): Uint8Array {
  const bytes = new TextEncoder().encode(JSON.stringify(live))
  try {
    parseLive(bytes)
  } catch (cause) {
    const { message } = cause as Error
    const mend =
      bytes.length > MAX_LIVE_BYTES
        ? 'Too much differs from the pack: train a new one'
        : message.startsWith('boosts')
          ? `Change ${boosts}`
          : 'Change the feed'
    throw new Error(`browsers would refuse the file: ${message}. ${mend}.`, { cause })
  }
  return bytes
}

/** Browsers never go back to an older file, so a clock that is wrong must not write one. */
function refuseOlder(out: string): void {
  let created = Number.NaN
  try {
    created = parseLive(readFileSync(out)).created
  } catch {
    // Whatever stands there is no live file that browsers use.
  }
  if (created > Date.now())
    throw new Error(
      `${out}: the present file was written in the future (${new Date(created).toISOString()}). Set the clock right`,
    )
}

/** Readers see the old file or the new one. */
function replace(path: string, content: string | Uint8Array): void {
  const part = `${path}.part`
  writeFileSync(part, content)
  renameSync(part, path)
}
