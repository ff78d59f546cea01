/** `nearside train`: a shop's logs, and its catalogue, to a pack. */
import { type Command, Option } from 'commander'
import type { Lineage } from '../../../worker/pack/manifest.js'
import { checkpointFolder, FolderCheckpoint } from '../checkpoint/checkpoint.js'
import { digestOf, fingerprintOf } from '../checkpoint/fingerprint.js'
import type { Catalogue } from '../data/catalogue.js'
import type { Cleaning } from '../data/cleaning/cleaning.js'
import type { Renames } from '../data/columns.js'
import { type LogReport, loadLog } from '../data/load/load.js'
import type { Kind } from '../model/encoders/kind.js'
import { KINDS } from '../model/encoders/kinds.js'
import { positiveLog } from '../model/log/log.js'
import { type Coverage, coverageOf } from '../model/log/support.js'
import { quantise } from '../model/result/quantise.js'
import { readParentPack } from '../model/start/parent-pack.js'
import { trainModel } from '../model/train.js'
import { factsOf } from '../pack/facts.js'
import { requireFolder, timestamp } from '../pack/folder.js'
import { withdraw } from '../pack/withdraw.js'
import { writePack } from '../pack/write.js'
import { interruptible, type OnInterrupt } from '../running/interrupt.js'
import { openProgress } from '../running/progress.js'
import { cutShortText } from './cut-short.js'
import { dimension, integer, renames } from './options.js'
import { count, rounded, STOPPING, tell, tellCoverage, USUAL_KS } from './told.js'
import { validationLines } from './validation.js'

interface Options {
  events: string[]
  catalog?: string
  out: string
  dim: number
  seed: number
  encoder: Kind | 'auto'
  from?: string
  attributes?: string[]
  workers: number
  minSessions: number
  columns?: Renames
  checkpointEvery: number
  json?: boolean
}

/** What `--json` prints. */
interface Trained {
  pack: string
  items: number
  events: number
  sessions: number
  seconds: number
  cpuSeconds: number
  peakMemoryMB: number
  /** The kind of encoder that was chosen. */
  encoder: string
  validation: Record<string, number>
  /** Present where an earlier run was gone on with, of which seconds and CPU-seconds know nothing: when it was begun. */
  continued?: string
  /** Present where training was stopped early. */
  cutShort?: Lineage['cutShort']
  cleaning: Cleaning
  /** Shares of items and events that keep a vector of their own at each k. */
  coverage: Coverage[]
  log: LogReport
}

export function register(program: Command): void {
  program
    .command('train')
    .summary("make a pack from a shop's logs")
    .description(
      'Reads interaction logs, trains item vectors, a session encoder and neighbour tables on them, and writes a pack: a ' +
        'folder of static files for any web server.',
    )
    .requiredOption('-e, --events <file...>', 'log or glob; CSV, TSV, JSON lines or Parquet, gzip too')
    .option(
      '-c, --catalog <file>',
      'item_id and what is known of the items: title, category, brand, price, …',
    )
    .requiredOption('-o, --out <folder>', 'folder of the pack; an earlier pack in it can be rolled back to')
    .option(
      '--attributes <column,…>',
      'columns of numbers in the catalogue to use as features of items, e.g. size,page; columns of words are always used',
      (text) => text.split(',').map((name) => name.trim()),
    )
    .option('--from <pack>', 'start from an earlier pack instead of from nothing: see below')
    .option('--dim <n>', 'dimensions of a vector, a multiple of 8', dimension, 64)
    .option(
      '--seed <n>',
      'seed of all random numbers; with one worker the same seed gives the same pack',
      integer(0),
      1,
    )
    .addOption(
      new Option('--encoder <kind>', 'how a session becomes a vector: see below')
        .choices(['auto', ...Object.keys(KINDS)])
        .default('auto'),
    )
    .option('--workers <n>', 'threads to train with', integer(1, 64), 2)
    .option(
      '--min-sessions <k>',
      'everything in the pack rests on at least k distinct sessions (people, if the log has a user_id)',
      integer(1),
      3,
    )
    .option('--columns <ours=theirs,…>', "the log's own column names", renames)
    .option(
      '--checkpoint-every <seconds>',
      'how many seconds of work may be lost if training is killed; 0 turns checkpoints off',
      integer(0),
      60,
    )
    .option('--json', 'print one JSON object when done')
    .addHelpText('after', HELP)
    .action(async (options: Options, command: Command) => {
      for (const name of ['dim', 'encoder']) {
        if (options.from && command.getOptionValueSource(name) === 'cli') {
          throw new Error(
            `--${name} with --from: a pack that starts from another keeps its ${name}; leave --${name} out`,
          )
        }
      }
      const trained = await interruptible((signal, onInterrupt) => train(options, signal, onInterrupt))
      console.log(options.json ? JSON.stringify(trained, null, 2) : asText(trained))
    })
}

const HELP = `
A log has the columns session_id, item_id and timestamp (unix seconds or milliseconds, or
ISO 8601); event_type (view, add_to_cart, purchase, …) makes stronger signals count more.
Without a session_id, the events of each user_id are cut into sessions after 30 idle minutes.
Bad rows are skipped and named with file and line; if more than 5 % are bad, the run ends.
Bots, duplicate rows, returned purchases and wrong clocks are removed, and the command says how
many (docs/training-data.md). Items missing from the catalogue are used for training, but never
recommended.

The encoder is attention (a weighted sum of the session's items; good where people compare
things), gru (a recurrent network that reads them in order; good where one page leads to the
next) or mixed (both together). auto tries all three on the latest sessions and takes the best.

--from makes the nightly run short. Give it last night's pack and the same log with the new day
added. New items, and items with clearly more events than before, are trained. Items without new
events keep their vectors exactly. Train from nothing from time to time, for example weekly: only
a full training adapts all vectors to the shop as it is now.

Ctrl-C stops training early and writes the best model so far; the pack records that. A second
Ctrl-C ends at once and leaves the folder unchanged.

If training was interrupted for any reason, run the same command on the same log: it continues
where it stopped. Until training is done, its state is in a hidden folder beside the pack
(.shop.checkpoint beside shop). That folder does not protect visitors as a pack does: never
publish it.

Examples:
  nearside train --events 'logs/*.csv' --catalog items.csv --out packs/shop
  nearside train --events clicks.parquet --columns session=sid,item=sku,time=ts --out packs/shop
  nearside train --events a.tsv.gz --events b.tsv.gz --min-sessions 5 --out packs/shop --json`

async function train(options: Options, signal: AbortSignal, onInterrupt: OnInterrupt): Promise<Trained> {
  const begun = performance.now()
  // A folder that cannot take the pack is found out about now, not after the training.
  requireFolder(options.out)
  const parent = options.from === undefined ? undefined : await readParentPack(options.from)
  const progress = openProgress(options.json ?? false)
  let checkpoint: FolderCheckpoint | undefined
  try {
    const { data, catalogue, outOfCatalogue, report } = await loadLog({
      events: options.events,
      catalogue: options.catalog,
      renames: options.columns,
      clean: true,
      signal,
      onProgress: (done, total) => progress.update('reading', done, total),
    })
    tell(progress, report)
    const { minSessions } = options
    const coverage = coverageOf(positiveLog(data), [...new Set([...USUAL_KS, minSessions])])
    tellCoverage(progress, coverage, minSessions)
    const enough = new AbortController()
    onInterrupt(() => {
      progress.say(STOPPING)
      enough.abort()
    })
    const attributes = options.attributes && attributesIn(catalogue, options.attributes)
    const dim = parent?.served.encoder.dim ?? options.dim
    checkpoint =
      options.checkpointEvery > 0
        ? new FolderCheckpoint(
            checkpointFolder(options.out),
            fingerprintOf(data, catalogue, {
              '--attributes': (attributes ?? []).join(),
              '--dim': String(dim),
              '--encoder': options.encoder,
              '--from': parent ? digestOf({ manifest: parent.manifest }) : 'none',
              '--min-sessions': String(options.minSessions),
              '--seed': String(options.seed),
              '--workers': String(options.workers),
            }),
            { every: options.checkpointEvery, enough: enough.signal, say: progress.say },
          )
        : undefined
    const model = await trainModel(data, catalogue, {
      dim,
      seed: options.seed,
      encoder: options.encoder,
      workers: options.workers,
      minSessions: options.minSessions,
      ...(attributes && { attributes }),
      ...(parent && { from: parent }),
      ...(checkpoint && { checkpoint }),
      signal,
      enough: enough.signal,
      onProgress: ({ phase, done, total, note }) => progress.update(phase, done, total, note),
    })
    signal.throwIfAborted()
    const manifest = writePack(
      withdraw(quantise(model, catalogue && factsOf(catalogue)), outOfCatalogue),
      options.out,
      {
        firstSequence: Math.floor(Date.parse(timestamp()) / 1000),
      },
    )
    const { cutShort } = manifest.lineage
    if (!cutShort) checkpoint?.remove()
    const { user, system } = process.cpuUsage()
    return {
      pack: options.out,
      items: manifest.items,
      events: report.events,
      sessions: report.sessions,
      seconds: rounded((performance.now() - begun) / 1000),
      cpuSeconds: rounded((user + system) / 1e6),
      peakMemoryMB: Math.round(process.resourceUsage().maxRSS / 1024),
      encoder: manifest.encoder.kind,
      validation: manifest.lineage.validation,
      ...(checkpoint?.continued && { continued: checkpoint.continued }),
      cutShort,
      cleaning: report.cleaning!,
      coverage,
      log: report,
    }
  } finally {
    if (checkpoint?.kept)
      progress.say(`Run the same command again to continue this training (${checkpoint.folder})`)
    progress.stop()
  }
}

/** @throws {Error} naming what the catalogue has instead */
function attributesIn(catalogue: Catalogue | null, names: string[]): string[] {
  const columns = [...(catalogue?.attributes.keys() ?? [])]
  for (const name of names) {
    if (columns.includes(name)) continue
    throw new Error(
      catalogue
        ? `--attributes ${name}: the catalogue has no such column; it has ${columns.join(', ') || 'no further ones'}`
        : '--attributes names columns of the catalogue: add --catalog',
    )
  }
  return names
}

function asText(trained: Trained): string {
  return [
    `${trained.pack}: ${count(trained.items)} items, encoder ${trained.encoder}`,
    ...(trained.cutShort ? [cutShortText(trained.cutShort)] : []),
    ...validationLines(trained.validation),
    `${trained.seconds} s, ${trained.cpuSeconds} CPU-seconds, ${trained.peakMemoryMB} MB at most`,
    `See what is in it: nearside inspect ${trained.pack}`,
  ].join('\n')
}
