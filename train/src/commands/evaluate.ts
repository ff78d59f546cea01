/** `nearside evaluate`: how good a pack is on a log that it was not trained on, beside simpler ways. */
import { type Command, InvalidArgumentError } from 'commander'
import { serve } from '../../../worker/serving.js'
import type { Renames } from '../data/columns.js'
import { loadLog } from '../data/load.js'
import { type Evaluation, evaluate } from '../evaluate/evaluate.js'
import { PARTS, type Part } from '../evaluate/parts.js'
import { asText } from '../evaluate/table.js'
import { interruptible } from '../interrupt.js'
import { readPackFromDisk } from '../pack/read.js'
import { weighPack } from '../pack/weigh.js'
import { openProgress } from '../progress.js'
import { integer, listLengths, renames } from './options.js'

interface Options {
  pack: string
  events: string[]
  k: number[]
  sample?: number
  parts: Part[]
  train?: string[]
  columns?: Renames
  json?: boolean
}

export function register(program: Command): void {
  program
    .command('evaluate')
    .summary('measure how well a pack predicts what comes next')
    .description(
      'Replays the sessions of a log through the engine that browsers run, on the pack as browsers get it. One prediction ' +
        'for each event after the first of its session; candidates are all items of the pack; ties count against it.',
    )
    .requiredOption('-p, --pack <folder>', 'folder of the pack')
    .requiredOption('-e, --events <file...>', 'log or glob that the pack was not trained on')
    .option('--k <k,…>', 'list lengths', listLengths, [10, 20])
    .option('--sample <n>', 'only so many sessions, drawn at random (always the same)', integer(1))
    .option('--parts <part,…>', `only a part of the blend: ${PARTS.join(' or ')}`, partsOf, [...PARTS])
    .option('--train <file...>', 'the log of the training: adds item-kNN, rules and session-kNN')
    .option('--columns <ours=theirs,…>', "the logs' own column names", renames)
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action(async (options: Options) => {
      const evaluation = await interruptible((signal) => run(options, signal))
      console.log(options.json ? JSON.stringify(evaluation, null, 2) : asText(options.pack, evaluation))
    })
}

const HELP = `
The session part is the encoder, the neighbours part the item-to-item tables. Intervals are
95 % by bootstrap over sessions; a difference is real where its interval leaves out 0.
Popularity and the pack's neighbours are always shown; what needs other people's sessions
appears with --train.

Examples:
  nearside evaluate --pack packs/shop --events test.csv
  nearside evaluate --pack packs/shop --events test.csv --train 'logs/*.csv' --sample 2000
  nearside evaluate --pack packs/shop --events test.csv --parts session --k 5,10,20 --json`

async function run(options: Options, signal: AbortSignal): Promise<Evaluation> {
  const progress = openProgress(options.json ?? false)
  try {
    const pack = await readPackFromDisk(options.pack)
    const model = await serve(pack, 'auto')
    const load = async (phase: string, events: string[]) => {
      const { data, report } = await loadLog({
        events,
        renames: options.columns,
        signal,
        onProgress: (done, total) => progress.update(phase, done, total),
      })
      for (const line of report.bad.named) progress.say(line)
      return data
    }
    const test = await load('reading', options.events)
    const train = options.train && (await load('baselines', options.train))
    const evaluation = await evaluate(model, test, {
      ks: options.k,
      parts: options.parts,
      sample: options.sample,
      train,
      signal,
      onProgress: (phase, done, total) => progress.update(phase, done, total),
    })
    return { ...evaluation, pack: (await weighPack(pack)).figures }
  } finally {
    progress.stop()
  }
}

function partsOf(text: string): Part[] {
  const parts = text.split(',').map((part) => part.trim())
  const wrong = parts.find((part) => !(PARTS as readonly string[]).includes(part))
  if (wrong !== undefined)
    throw new InvalidArgumentError(`"${wrong}" is no part; there are ${PARTS.join(' and ')}.`)
  return parts as Part[]
}
