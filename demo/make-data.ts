/**
 * Makes `baskets.txt.gz` and `items.tsv.gz`, which the demo ships, from UCI Online Retail:
 *
 *     node demo/run.mjs make-data.ts FOLDER
 *
 * FOLDER holds `train.tsv.gz` and `test.tsv.gz` (session_id, item_id, timestamp in unix seconds) and `items.tsv.gz`
 * (item_id, title, price). `LICENSE` lists the changes. Nothing about a customer is read.
 * A basket is one line: the minutes since the basket before, then its items. This needs half the bytes of a table.
 * `demo/shop/data.ts` reads it back.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { cleanTitle } from './shop/titles.js'

const folder = process.argv[2]
if (!folder) throw new Error('Expected the folder of the source files: node demo/run.mjs make-data.ts FOLDER')
const out = 'demo/data'

function table(name: string): string[][] {
  const lines = gunzipSync(readFileSync(join(folder!, name)))
    .toString()
    .trimEnd()
    .split('\n')
  return lines.slice(1).map((line) => line.split('\t').map(unquote))
}

/** A field in CSV quotes, with doubled quotes inside. */
function unquote(field: string): string {
  return field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field
}

const products = new Map<string, { title: string; price: number; count: number }>()
for (const [id, raw, price] of table('items.tsv.gz')) {
  const title = cleanTitle(raw!)
  if (title && Number(price) > 0) products.set(id!, { title, price: Number(price), count: 0 })
}

const baskets = new Map<string, { time: number; items: string[] }>()
for (const [session, item, time] of [...table('train.tsv.gz'), ...table('test.tsv.gz')]) {
  const product = products.get(item!)
  if (!product) continue
  product.count++
  const basket = baskets.get(session!) ?? { time: Number(time), items: [] }
  baskets.set(session!, basket)
  basket.items.push(item!)
}

// The best seller becomes number 1, so that the most frequent ids are the shortest.
const ranked = [...products]
  .filter(([, p]) => p.count > 0)
  .sort(([, a], [, b]) => b.count - a.count || (a.title < b.title ? -1 : 1))
const number = new Map(ranked.map(([id], index) => [id, index + 1]))
const ordered = [...baskets.values()].sort((a, b) => a.time - b.time)

let before = 0
const lines = ordered.map(({ time, items }) => {
  const minute = Math.floor(time / 60)
  const line = `${minute - before} ${items.map((id) => number.get(id)).join(' ')}`
  before = minute
  return line
})
const rows = ranked.map(([, { title, price }], index) => `${index + 1}\t${title}\t${price.toFixed(2)}`)

for (const [name, header, body] of [
  ['baskets.txt.gz', '# minutes since the basket before (the first: since 1970), then its items', lines],
  ['items.tsv.gz', 'item_id\ttitle\tprice', rows],
] as const) {
  const packed = gzipSync(`${header}\n${body.join('\n')}\n`, { level: 9 })
  writeFileSync(join(out, name), packed)
  console.log(`${join(out, name)}: ${body.length} rows, ${packed.length} bytes`)
}
