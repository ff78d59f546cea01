/** `nearside import`: makes a pack from item vectors and an encoder that were trained elsewhere. */
import type { Command } from 'commander'
import type { Lineage } from '../../../worker/pack/manifest.js'
import type { Cleaning } from '../data/cleaning/cleaning.js'
import type { Renames } from '../data/columns.js'
import { type LogReport, loadCatalogue, loadLog } from '../data/load/load.js'
import { type Shop, withItems, withoutLog } from '../import/items.js'
import { alignTrained, readTrained } from '../import/trained.js'
import { quantise } from '../model/result/quantise.js'
import { trainModel } from '../model/train.js'
import { factsOf } from '../pack/facts.js'
import { requireFolder, timestamp } from '../pack/folder.js'
import { columnsFor, readRules } from '../pack/rules.js'
import { withdraw } from '../pack/withdraw.js'
import { writePack } from '../pack/write.js'
import { interruptible, type OnInterrupt } from '../running/interrupt.js'
import { openProgress, type Progress } from '../running/progress.js'
import { cutShortText } from './cut-short.js'
import { dimension, integer, names, renames } from './options.js'
import { count, rounded, STOPPING, tell, tellBad } from './told.js'
import { validationLines } from './validation.js'

interface Options {
  vectors: string
  ids: string
  encoder?: string
  catalog?: string
  events?: string[]
  contentVectors?: boolean
  facts: string[]
  rules?: string
  out: string
  dim: number
  seed: number
  workers: number
  minSessions: number
  columns?: Renames
  json?: boolean
}

/** The output of `--json`. */
interface Imported {
  pack: string
  items: number
  /**
   * Rows of the vectors' file, values per vector in the file and in the pack, and the share of the sum of squares
   * that is kept.
   */
  vectors: { rows: number; from: number; dim: number; kept: number }
  encoder: { kind: string; given: boolean }
  /** Items of the pack that have no vector, and vectors whose items are not in the pack. */
  itemsWithoutVector: number
  vectorsLeftOut: number
  seconds: number
  cpuSeconds: number
  peakMemoryMB: number
  /** Empty if there is no log. */
  validation: Record<string, number>
  cutShort?: Lineage['cutShort']
  cleaning: Cleaning | null
  log: LogReport | null
}

export function register(program: Command): void {
  program
    .command('import')
    .summary('make a pack from vectors and an encoder that were trained elsewhere')
    .description(
      'Makes a pack from item vectors, and optionally a session encoder, in safetensors files. With a log it also learns the ' +
        'neighbour tables, the popularity and how to weigh them.',
    )
    .requiredOption(
      '--vectors <file>',
      'safetensors: a tensor "vectors" of [items, values], any number of values',
    )
    .requiredOption(
      '--ids <file>',
      'JSON lines: the id of each row of the vectors, as "sku1" or {"id": "sku1"}',
    )
    .option(
      '--encoder <file>',
      'safetensors file with the session encoder, if it is not in the file of the vectors',
    )
    .option('-e, --events <file...>', 'log file or glob: CSV, TSV, JSON lines or Parquet, also gzipped')
    .option(
      '-c, --catalog <file>',
      'catalogue file: item_id and what describes the items (title, category, brand, price, …)',
    )
    .option(
      '--content-vectors',
      'the vectors were made from images or texts, not from visits, so items with too few sessions may keep theirs',
    )
    .option(
      '--facts <column,…>',
      'further columns of the catalogue that go into the pack, for rules and for the page, e.g. colour,seller',
      names,
      [],
    )
    .option('--rules <file>', 'JSON list of rules that hold in every list made with the pack, as for train')
    .requiredOption('-o, --out <folder>', 'folder for the pack; an earlier pack in it is kept for rollback')
    .option('--dim <n>', 'largest number of dimensions of a vector, a multiple of 8', dimension, 64)
    .option('--seed <n>', 'random seed', integer(0), 1)
    .option('--workers <n>', 'threads to train with', integer(1, 64), 2)
    .option(
      '--min-sessions <k>',
      'with a log, privacy threshold k: pairs, vectors and counts need at least this many sessions (people, if there is a user_id)',
      integer(1),
      3,
    )
    .option('--columns <ours=theirs,…>', 'column names, if your log uses other ones', renames)
    .option('--json', 'print one JSON object instead of text')
    .addHelpText('after', HELP)
    .action(async (options: Options) => {
      const imported = await interruptible((signal, onInterrupt) => importPack(options, signal, onInterrupt))
      console.log(options.json ? JSON.stringify(imported, null, 2) : asText(imported))
    })
}

const HELP = `
Tensors are F32, F16 or BF16. The kind of encoder is recognised by the names of its tensors, with any
prefix:
  GRU        weight_ih_l0, weight_hh_l0, bias_ih_l0 and bias_hh_l0, as PyTorch's nn.GRU saves them.
             Add output.weight and output.bias of an nn.Linear if the state must be transformed
             before it is compared with the item vectors
  attention  attention [D, D] and position [distances], as in a pack
  mixed      both of these; the direction of the sum of their outputs is used
  none       for image, text or graph embeddings; an attention encoder is trained for them
The encoder must read the same item vectors that its output is compared with. A tensor "bias" [items]
beside the vectors is used as popularity; without it, popularity is learnt from the log. Vectors longer
than --dim are reduced to their principal axes, and the encoder is adapted to them.

With --events, everything except vectors and encoder is trained as in nearside train. The figures on
the latest sessions of the log are only fair if the vectors were trained without these sessions.
Without --events the pack has no neighbour tables and no figures, and nothing is known about how many
sessions the vectors rest on.

How long it takes: with a log less than nearside train, because the vectors are not trained; without
a log it is much quicker.

Examples:
  nearside import --vectors gru.safetensors --ids ids.jsonl --events 'logs/*.parquet' --out packs/shop
  nearside import --vectors clip.safetensors --ids ids.jsonl --content-vectors --catalog items.csv \\
    --events 'logs/*.parquet' --out packs/shop
  nearside import --vectors clip.safetensors --ids ids.jsonl --out packs/shop`

async function importPack(
  options: Options,
  signal: AbortSignal,
  onInterrupt: OnInterrupt,
): Promise<Imported> {
  const begun = performance.now()
  requireFolder(options.out)
  const rules = options.rules === undefined ? undefined : readRules(options.rules)
  const progress = openProgress(options.json ?? false)
  try {
    const trained = await readTrained(options)
    const { from, dim, kept, encoder } = trained
    progress.say(
      `${count(trained.ids.length)} vectors of ${from} values${
        dim < from
          ? `, reduced to ${dim} values that keep ${rounded(100 * kept)} % of the sum of squares`
          : ''
      }; ${encoder ? `encoder: ${encoder.kind}` : 'no encoder given: an attention encoder is trained'}`,
    )
    const loaded = await load(options, progress, signal)
    // Without a log, the user must know what the vectors were made from.
    const fromContent = options.contentVectors === true || !loaded.log
    const shop = withItems(loaded.shop, fromContent && !loaded.shop.catalogue ? trained.ids : [])
    const { data, catalogue, outOfCatalogue } = shop
    const imported = alignTrained(trained, data.ids, fromContent)
    const without = imported.known.reduce((sum, known) => sum + 1 - known, 0)
    if (without === data.ids.length) {
      throw new Error(
        `${options.ids}: none of its items is in the log or catalogue; it has ${JSON.stringify(trained.ids[0])}, they have ${JSON.stringify(data.ids[0])}`,
      )
    }
    const leftOut = trained.ids.length - (data.ids.length - without)
    if (without > 0) progress.say(`${count(without)} of ${count(data.ids.length)} items have no vector`)
    if (leftOut > 0)
      progress.say(
        `${count(leftOut)} vectors are not used: they are zero, or their items are not in the pack`,
      )

    const enough = new AbortController()
    onInterrupt(() => {
      progress.say(STOPPING)
      enough.abort()
    })
    const model = await trainModel(data, catalogue, {
      dim,
      imported,
      encoder: encoder?.kind ?? 'attention',
      seed: options.seed,
      workers: options.workers,
      minSessions: loaded.log ? options.minSessions : 1,
      signal,
      enough: enough.signal,
      onProgress: ({ phase, done, total, note }) => progress.update(phase, done, total, note),
    })
    signal.throwIfAborted()
    const columns = columnsFor(catalogue, options.facts, rules ?? [], progress.say)
    const content = withdraw(
      quantise(model, factsOf(catalogue, columns, data, options.minSessions)),
      outOfCatalogue,
    )
    const manifest = writePack({ ...content, ranking: rules && { rules } }, options.out, {
      firstSequence: Math.floor(Date.parse(timestamp()) / 1000),
    })
    const { user, system } = process.cpuUsage()
    return {
      pack: options.out,
      items: manifest.items,
      vectors: { rows: trained.ids.length, from, dim, kept: rounded(kept, 4) },
      encoder: { kind: manifest.encoder.kind, given: encoder !== null },
      itemsWithoutVector: without,
      vectorsLeftOut: leftOut,
      seconds: rounded((performance.now() - begun) / 1000),
      cpuSeconds: rounded((user + system) / 1e6),
      peakMemoryMB: Math.round(process.resourceUsage().maxRSS / 1024),
      validation: manifest.lineage.validation,
      cutShort: manifest.lineage.cutShort,
      cleaning: loaded.log?.cleaning ?? null,
      log: loaded.log,
    }
  } finally {
    progress.stop()
  }
}

/** The shop from its log and catalogue, or from one of them. */
async function load(
  { events, catalog, columns }: Options,
  progress: Progress,
  signal: AbortSignal,
): Promise<{ shop: Shop; log: LogReport | null }> {
  if (events) {
    const { report, ...shop } = await loadLog({
      events,
      catalogue: catalog,
      renames: columns,
      clean: true,
      signal,
      onProgress: (done, total) => progress.update('reading', done, total),
    })
    tell(progress, report)
    return { shop, log: report }
  }
  progress.say(
    'no log: the pack gets no neighbours and no figures. Its min-sessions is 1, because nothing is known about sessions',
  )
  const none = { catalogue: null, outOfCatalogue: new Uint32Array() }
  if (catalog === undefined) return { shop: { data: withoutLog([]), ...none }, log: null }
  const { ids: listed, catalogue, report } = await loadCatalogue(catalog, columns ?? new Map(), signal)
  tellBad(progress, report.bad, report.rows)
  return { shop: { ...none, data: withoutLog(listed), catalogue }, log: null }
}

function asText(imported: Imported): string {
  return [
    `${imported.pack}: ${count(imported.items)} items`,
    ...(imported.cutShort ? [cutShortText(imported.cutShort)] : []),
    ...validationLines(imported.validation),
    `${imported.seconds} s, ${imported.cpuSeconds} CPU-seconds, ${imported.peakMemoryMB} MB at most`,
    `See what is in it: nearside inspect ${imported.pack}`,
  ].join('\n')
}
