/** `nearside train`: makes a pack from a shop's logs and catalogue. */
import { type Command, Option } from 'commander'
import type { Lineage } from '../../../worker/pack/manifest.js'
import { checkpointFolder, FolderCheckpoint, NO_CHECKPOINT } from '../checkpoint/checkpoint.js'
import { digestOf, fingerprintOf } from '../checkpoint/fingerprint.js'
import type { Catalogue } from '../data/catalogue.js'
import type { Cleaning } from '../data/cleaning/cleaning.js'
import type { Renames } from '../data/columns.js'
import { type LogReport, loadLog } from '../data/load/load.js'
import type { Kind } from '../encoders/kind.js'
import { KINDS } from '../encoders/kinds.js'
import { positiveLog } from '../model/log/log.js'
import { type Coverage, coverageOf } from '../model/log/support.js'
import { openersOf } from '../model/openers/openers.js'
import { biasText, positionBias } from '../model/positions/propensity.js'
import { weighted } from '../model/positions/weighted.js'
import { quantise } from '../model/result/quantise.js'
import { readParentPack } from '../model/start/parent-pack.js'
import { trainModel } from '../model/train.js'
import { factsOf } from '../pack/facts.js'
import { requireFolder, timestamp } from '../pack/folder.js'
import { columnsFor, readRules } from '../pack/rules.js'
import { withdraw } from '../pack/withdraw.js'
import { writePack } from '../pack/write.js'
import { interruptible, type OnInterrupt } from '../running/interrupt.js'
import { openProgress } from '../running/progress.js'
import { stageOfTraining } from '../stage/of-training.js'
import type { Stage, StageReport } from '../stage/second-stage.js'
import type { SimilarReport } from '../stage/similar.js'
import { stageLines } from '../stage/text.js'
import type { VarietyReport } from '../stage/variety.js'
import { cutShortText } from './cut-short.js'
import { dimension, integer, names, renames, strengthsIn } from './options.js'
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
  facts: string[]
  rules?: string
  strengths?: string
  grid: number
  workers: number
  minSessions: number
  columns?: Renames
  checkpointEvery: number
  json?: boolean
}

/** The output of `--json`. */
interface Trained {
  pack: string
  items: number
  events: number
  sessions: number
  seconds: number
  cpuSeconds: number
  peakMemoryMB: number
  /** The kind of encoder that was used. */
  encoder: string
  validation: Record<string, number>
  /** What a second stage is worth, where there was enough to judge it. */
  secondStage?: StageReport
  /** What it is worth that the same category counts more in `similar`. */
  similar?: SimilarReport
  /** What `variety: true` means in this shop, and what it costs. */
  variety?: VarietyReport
  /** When the earlier run began, if this run continued one. Seconds and CPU-seconds count this run only. */
  continued?: string
  /** Present if training was stopped early. */
  cutShort?: Lineage['cutShort']
  cleaning: Cleaning
  /** Shares of items and events whose items have a vector of their own, for each k. */
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
    .requiredOption(
      '-e, --events <file...>',
      'log file or glob: CSV, TSV, JSON lines or Parquet, also gzipped',
    )
    .option(
      '-c, --catalog <file>',
      'catalogue file: item_id and what describes the items (title, category, brand, price, …)',
    )
    .requiredOption('-o, --out <folder>', 'folder for the pack; an earlier pack in it is kept for rollback')
    .option(
      '--attributes <column,…>',
      'number columns of the catalogue that describe an item, e.g. size,page; text columns are always used',
      names,
    )
    .option(
      '--facts <column,…>',
      'further columns of the catalogue that go into the pack, for rules and for the page, e.g. colour,seller',
      names,
      [],
    )
    .option('--rules <file>', 'JSON list of rules that hold in every list made with the pack: see below')
    .option('--from <pack>', 'update an earlier pack instead of training from scratch: see below')
    .option('--dim <n>', 'dimensions of a vector, a multiple of 8 from 8 to 128', dimension, 64)
    .option('--seed <n>', 'random seed; with --workers 1 the same seed gives the same pack', integer(0), 1)
    .addOption(
      new Option('--encoder <kind>', 'model that turns a session into a vector: see below')
        .choices(['auto', ...Object.keys(KINDS)])
        .default('auto'),
    )
    .option(
      '--strengths <file>',
      'JSON object of strengths of signals that differ from the usual ones: see below',
    )
    .option(
      '--grid <n>',
      'items in a row of your lists, if the log shows lists: see below',
      integer(1, 100),
      1,
    )
    .option('--workers <n>', 'threads to train with', integer(1, 64), 2)
    .option(
      '--min-sessions <k>',
      'privacy threshold k: pairs, vectors and counts need at least this many sessions (people, if there is a user_id)',
      integer(1),
      3,
    )
    .option('--columns <ours=theirs,…>', 'column names, if your log uses other ones', renames)
    .option(
      '--checkpoint-every <seconds>',
      'seconds between two saves, so that a killed training can continue; 0 turns saving off',
      integer(0),
      60,
    )
    .option('--json', 'print one JSON object instead of text')
    .addHelpText('after', HELP)
    .action(async (options: Options, command: Command) => {
      for (const name of ['dim', 'encoder']) {
        if (options.from && command.getOptionValueSource(name) === 'cli') {
          throw new Error(
            `--${name} with --from: an updated pack keeps the ${name} of the earlier one; leave --${name} out`,
          )
        }
      }
      const trained = await interruptible((signal, onInterrupt) => train(options, signal, onInterrupt))
      console.log(options.json ? JSON.stringify(trained, null, 2) : asText(trained))
    })
}

const HELP = `
The log needs the columns session_id, item_id and timestamp (unix seconds or milliseconds, or
ISO 8601). With event_type (view, add_to_cart, purchase, …), stronger signals count more. Without
session_id, the log needs user_id and real timestamps; a session then ends after 30 idle minutes.

Bad rows are reported with file and line, and skipped. If more than 5 % are bad, the run stops.
Bots, duplicate rows, returned purchases and wrong clocks are removed and counted
(docs/training-data.md). Items that are not in the catalogue are used to learn, but are never
recommended.

How long it takes: on a machine with two cores, about 2 minutes for a log of 100,000 events and 6
minutes for 900,000. --encoder attention is faster than auto, which trains several encoders to
compare them.

--encoder: attention is a weighted sum of the session's items; it is good where people compare
things. gru is a recurrent network that reads the items in order; it is good where one page leads
to the next. mixed uses both. auto tries all of them on the latest sessions and takes the best.

--rules: what lists must keep to, whatever the model says, for example

  [{ "kind": "exclude", "where": { "attribute": "age", "above": 17 }, "name": "for adults" },
   { "kind": "hide", "what": "bought" },
   { "kind": "cap", "by": "brand", "most": 2, "within": 8 }]

The kinds are available, hide, include, exclude, bury, boost, pin, cap and share; docs/ranking.md has
an example of each. A bad rule ends the run and is named. Columns of the catalogue that rules ask
about go into the pack. Other columns stay out unless --facts names them, because a pack is public.

--from makes a nightly run short. Give it last night's pack, and the same log with the new day
added. Only new items, and items with clearly more data than before, are trained; items without
new visits keep exactly the same vectors. Train from scratch now and then, for example
weekly, so that all items follow the changes in the shop.

Where it pays, the pack gets a second stage: a few weights for prices, categories and times, fitted on the latest
sessions. The run prints what each feature is worth, and leaves the stage out where held-out lists do not get
better for certain. The run also finds how much variety your lists can take: what variety: true means with this pack.

--strengths: how much events say, for example { "add_to_wishlist": 0.7, "bounce": 0 }. They count in
training, and the pack tells them to the page. docs/api.md has the usual ones.

Lists: if the log has impressions (event_type view_item_list, one row for each item with position and
request_id), clicks in lists are weighted: a click counts more where few people look. How many look at
a position is learned from the log, and the run says so where the log cannot tell. Then it takes the
usual falling attention, row by row with --grid.

Ctrl-C stops the training early and writes the best pack so far; the pack records that. A second
Ctrl-C stops at once and leaves the folder as it was.

If a training was killed, run the same command on the same log to continue it. The saved state
is in a hidden folder beside the pack (.shop.checkpoint beside shop) until the training is done.
That folder is not protected as a pack is: never publish it.

Examples:
  nearside train --events 'logs/*.csv' --catalog items.csv --out packs/shop
  nearside train --events clicks.parquet --columns session=sid,item=sku,time=ts --out packs/shop
  nearside train --events 'logs/*.csv' --from packs/monday --out packs/tuesday
  nearside train --events 'logs/*.csv' --catalog items.csv --rules rules.json --out packs/shop
  nearside train --events a.tsv.gz --events b.tsv.gz --min-sessions 5 --out packs/shop --json`

async function train(options: Options, signal: AbortSignal, onInterrupt: OnInterrupt): Promise<Trained> {
  const begun = performance.now()
  // Check the folder now, so that no training is wasted on one that cannot be written.
  requireFolder(options.out)
  const rules = options.rules === undefined ? undefined : readRules(options.rules)
  const table = options.strengths === undefined ? undefined : strengthsIn(options.strengths)
  const parent = options.from === undefined ? undefined : await readParentPack(options.from)
  const progress = openProgress(options.json ?? false)
  let checkpoint: FolderCheckpoint | undefined
  try {
    const {
      data: read,
      lists,
      catalogue,
      outOfCatalogue,
      report,
    } = await loadLog({
      events: options.events,
      catalogue: options.catalog,
      renames: options.columns,
      clean: true,
      lists: true,
      strengths: table?.strengths,
      signal,
      onProgress: (done, total) => progress.update('reading', done, total),
    })
    tell(progress, report)
    const bias = lists && positionBias(lists, options.grid)
    if (bias) progress.say(biasText(bias))
    const data = bias ? weighted(read, bias.propensity) : read
    const { minSessions } = options
    const coverage = coverageOf(positiveLog(data), [...new Set([...USUAL_KS, minSessions])])
    tellCoverage(progress, coverage, minSessions)
    const enough = new AbortController()
    onInterrupt(() => {
      progress.say(STOPPING)
      enough.abort()
    })
    const columns = columnsFor(catalogue, options.facts, rules ?? [], progress.say)
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
    let stage: Stage = {}
    const model = await trainModel(data, catalogue, {
      dim,
      seed: options.seed,
      encoder: options.encoder,
      workers: options.workers,
      minSessions: options.minSessions,
      ...(attributes && { attributes }),
      ...(parent && { from: parent }),
      ...(checkpoint && { checkpoint }),
      async secondStage(early, heldOut) {
        if (enough.signal.aborted) return {}
        progress.update('second stage', 0, 1)
        stage = await (checkpoint ?? NO_CHECKPOINT).step('second stage', () =>
          stageOfTraining(early, catalogue, data, heldOut, signal),
        )
        for (const line of stageLines(stage)) progress.say(line)
        return stage
      },
      signal,
      enough: enough.signal,
      onProgress: ({ phase, done, total, note }) => progress.update(phase, done, total, note),
    })
    signal.throwIfAborted()
    const content = withdraw(quantise(model, factsOf(catalogue, columns, data, minSessions)), outOfCatalogue)
    const openers = openersOf(positiveLog(data), content.popularity, minSessions)
    const manifest = writePack({ ...content, openers, ranking: rules && { rules } }, options.out, {
      firstSequence: Math.floor(Date.parse(timestamp()) / 1000),
      ...(table && { strengths: table.said }),
      variety: parent?.served.variety ?? stage.variety?.strength,
    })
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
      ...(stage.report && { secondStage: stage.report }),
      ...(stage.beside && { similar: stage.beside }),
      ...(stage.variety && { variety: stage.variety }),
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

/** @throws {Error} that names the columns of the catalogue */
function attributesIn(catalogue: Catalogue | null, names: string[]): string[] {
  const columns = [...(catalogue?.attributes.keys() ?? [])]
  for (const name of names) {
    if (columns.includes(name)) continue
    throw new Error(
      catalogue
        ? `--attributes ${name}: the catalogue has no such column; it has ${columns.join(', ') || 'no other columns'}`
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
