/**
 * `npm --prefix bench run simulator -- --out DIR --events N --items M --seed S`: a log, a catalogue and the truth
 * behind them, of a shop that does not exist. See README.md beside this file.
 */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { peopleFor } from './log.js'
import { Shop } from './shop.js'
import { writeShop } from './write.js'

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    events: { type: 'string', default: '100000' },
    items: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    format: { type: 'string', default: 'csv' },
    exposures: { type: 'boolean', default: false },
  },
})
const { out, format, exposures } = values
if (out === undefined) {
  throw new Error(
    '--out DIR expected: npm --prefix bench run simulator -- --out shop --events 100000 --items 2000',
  )
}
if (format !== 'csv' && format !== 'parquet') throw new Error(`--format ${format}: there are csv and parquet`)
const [events, items, seed] = (['events', 'items', 'seed'] as const).map((name) => {
  const value = Number(values[name])
  if (!Number.isSafeInteger(value) || value < (name === 'seed' ? 0 : 1)) {
    throw new Error(`--${name} ${values[name]}: expected a whole number`)
  }
  return value
}) as [number, number, number]

const begun = performance.now()
// npm runs scripts in the package's folder; a relative path is meant from where the user stands.
const folder = resolve(process.env.INIT_CWD ?? '.', out)
const seconds = () => Math.round((performance.now() - begun) / 1000)
const written = await writeShop(new Shop(items, peopleFor(events), seed), {
  folder,
  events,
  format,
  exposures,
  onProgress: (done) => console.error(`${done.toLocaleString('en')} events, ${seconds()} s`),
})
console.log(
  JSON.stringify({
    folder,
    ...written,
    seconds: seconds(),
    peakMemoryMB: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
)
