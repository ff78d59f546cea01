/** `npm --prefix bench run simulator`: the log and catalogue of a made-up shop, and the truth behind them. See README.md. */
import { Option } from 'commander'
import { program, start, UsageError, wholeNumber } from '../../build/program.js'
import { typedPath } from '../script/data-sets.js'
import { peopleFor } from './log.js'
import { Shop } from './shop.js'
import { writeShop } from './write.js'

interface Options {
  out?: string
  events: number
  items: number
  seed: number
  format: 'csv' | 'parquet'
  exposures?: boolean
}

await start(
  program('npm --prefix bench run simulator --')
    .description(
      'Writes the log and the catalogue of a made-up shop, and what is true of its items and people. 100,000 events take a ' +
        'few seconds, ten million a few minutes; the memory needed grows with the catalogue only. The files are described ' +
        'in bench/simulator/README.md.\n\nReads nothing. Prints what it wrote as one JSON object.',
    )
    .option('--out <folder>', 'folder to write, always needed; files of the same names in it are replaced')
    .option('--events <n>', 'rows of the log', wholeNumber(1), 100_000)
    .option('--items <n>', 'items of the catalogue', wholeNumber(1), 2000)
    .option('--seed <n>', 'the same seed and sizes give the same files', wholeNumber(0), 1)
    .addOption(
      new Option('--format <format>', 'format of events and exposures')
        .choices(['csv', 'parquet'])
        .default('csv'),
    )
    .option('--exposures', 'also write what was shown and not clicked: about twenty rows for each event')
    .addHelpText(
      'after',
      '\nExample:\n  npm --prefix bench run simulator -- --out shop --events 100000 --items 2000',
    )
    .action(run),
)

async function run({ out, events, items, seed, format, exposures = false }: Options): Promise<void> {
  // Not a required option: commander would then miss a mistyped one beside it.
  if (out === undefined)
    throw new UsageError('--out <folder> expected, such as --out shop: where to write the log')
  const begun = performance.now()
  const folder = typedPath(out)
  const seconds = () => Math.round((performance.now() - begun) / 1000)
  const written = await writeShop(new Shop(items, peopleFor(events), seed), {
    folder,
    events,
    format,
    exposures,
    onProgress: (done) => console.error(`${done.toLocaleString('en')} events, ${seconds()} s`),
  })
  const peakMemoryMB = Math.round(process.resourceUsage().maxRSS / 1024)
  console.log(JSON.stringify({ folder, ...written, seconds: seconds(), peakMemoryMB }))
}
