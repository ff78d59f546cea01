/** `nearside evaluate`: how good a pack is on a log that it was not trained on, beside simpler ways. */
import { writeFile } from 'node:fs/promises'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { openModel } from '../../../worker/model.js'
import type { WrittenManifest } from '../../../worker/pack/manifest.js'
import type { Renames } from '../data/columns.js'
import type { Interactions } from '../data/interactions.js'
import { loadLog } from '../data/load/load.js'
import { type Evaluation, evaluate } from '../evaluate/evaluate.js'
import { overlapText, trainingOverlap } from '../evaluate/questions/overlap.js'
import { PARTS, type Part } from '../evaluate/questions/parts.js'
import { setTaskText } from '../evaluate/report/set-table.js'
import { asText } from '../evaluate/report/table.js'
import { type BasketEvaluation, evaluateBasket } from '../evaluate/sets/basket.js'
import { evaluateNextVisit, type NextVisitEvaluation } from '../evaluate/sets/next-visit.js'
import { readPackFromDisk } from '../pack/read.js'
import { weighPack } from '../pack/weigh.js'
import { interruptible } from '../running/interrupt.js'
import { openProgress } from '../running/progress.js'
import { integer, listLengths, renames } from './options.js'

interface Options {
  pack: string
  events: string[]
  k: number[]
  sample?: number
  parts: Part[]
  train?: string[]
  task: (typeof TASKS)[number]
  history?: string[]
  columns?: Renames
  report?: string
  json?: boolean
}

const TASKS = ['next', 'basket', 'next-visit'] as const

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
    .addOption(new Option('--k <k,…>', 'list lengths').argParser(listLengths).default([10, 20], '10,20'))
    .option('--sample <n>', 'use only n sessions, drawn at random (the same ones each time)', integer(1))
    .addOption(
      new Option('--parts <part,…>', `only a part of the blend: ${PARTS.join(' or ')}`)
        .argParser(partsOf)
        .default([...PARTS], 'all'),
    )
    .option(
      '--train <file...>',
      'the training log: adds the baselines item-kNN, rules, session-kNN and factors',
    )
    .addOption(
      new Option('--task <task>', 'the next item, the rest of a basket, or the next visit of a known person')
        .choices(TASKS)
        .default('next'),
    )
    .option('--history <file...>', 'earlier visits of the same people, as their devices would remember them')
    .option('--columns <ours=theirs,…>', "the logs' own column names", renames)
    .option('--report <file>', 'also write a report with charts: one HTML file (--task next)')
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action(async (options: Options) => {
      const evaluation = await interruptible((signal) => run(options, signal))
      console.log(options.json ? JSON.stringify(evaluation, null, 2) : textOf(options.pack, evaluation))
    })
}

const HELP = `
The session part is the encoder; the neighbours part is the item-to-item tables. Intervals are
95 %, by bootstrap over sessions. A difference is real if its interval excludes 0; otherwise it is
called a tie.
Popularity and the pack's neighbours are always shown. Baselines that need other people's sessions
appear with --train.
Test sessions that were in the training make figures too good. With --train the logs are compared;
without it, the pack tells when its training log ended. A warning says how many were found.

With --history, sessions of returning people are answered as their devices would answer, with
their earlier visits. The figures without the history are shown beside.

--task basket shuffles each session, hides a fifth of it and predicts the hidden items from the rest.
--task next-visit predicts the items of a visit from that person's earlier visits alone: those in
--history and those in the log itself.

Examples:
  nearside evaluate --pack packs/shop --events test.csv
  nearside evaluate --pack packs/shop --events test.csv --train 'logs/*.csv' --sample 2000
  nearside evaluate --pack packs/shop --events test.csv --train 'logs/*.csv' --report report.html
  nearside evaluate --pack packs/shop --events test.csv --parts session --k 5,10,20 --json
  nearside evaluate --pack packs/shop --events test.csv --task basket --train train.csv
  nearside evaluate --pack packs/shop --events test.csv --history train.csv
  nearside evaluate --pack packs/shop --events test.csv --task next-visit --history train.csv`

type AnyEvaluation = Evaluation | BasketEvaluation | NextVisitEvaluation

function textOf(pack: string, evaluation: AnyEvaluation): string {
  return 'task' in evaluation ? setTaskText(pack, evaluation) : asText(pack, evaluation)
}

async function run(options: Options, signal: AbortSignal): Promise<AnyEvaluation> {
  if (options.task === 'next-visit' && options.history === undefined) {
    throw new Error('--task next-visit needs --history <file>: the earlier visits of the same people.')
  }
  if (options.task === 'basket' && options.history !== undefined) {
    throw new Error(
      '--history works with --task next and next-visit only: a basket is predicted from its own items.',
    )
  }
  if (options.report !== undefined && options.task !== 'next') {
    throw new Error('--report works with --task next only. For the other tasks use the table or --json.')
  }
  const progress = openProgress(options.json ?? false)
  try {
    const pack = await readPackFromDisk(options.pack)
    const model = await openModel(pack, 'auto')
    const people = new Map<string, number>()
    const load = async (phase: string, events: string[]) => {
      const { data, report } = await loadLog({
        events,
        renames: options.columns,
        people,
        signal,
        onProgress: (done, total) => progress.update(phase, done, total),
      })
      for (const line of report.bad.named) progress.say(line)
      return data
    }
    const test = await load('reading', options.events)
    const train = options.train && (await load('baselines', options.train))
    const history = options.history && (await load('history', options.history))
    const { lineage }: Partial<WrittenManifest> = JSON.parse(new TextDecoder().decode(pack.release.bytes))
    const overlap = trainingOverlap(test, train, lineage)
    if (overlap) progress.say(overlapText(overlap))
    const common = {
      ks: options.k,
      parts: options.parts,
      signal,
      onProgress: (phase: string, done: number, total: number) => progress.update(phase, done, total),
    }
    const evaluation =
      options.task === 'next-visit' && history
        ? await evaluateNextVisit(model, test, { ...common, history })
        : options.task === 'basket'
          ? await evaluateBasket(model, test, { ...common, train })
          : await evaluate(model, test, { ...common, sample: options.sample, train, history })
    const { figures } = await weighPack(pack, (done, total) => progress.update('compressing', done, total))
    const whole = { ...evaluation, pack: figures, ...(overlap && { trainingOverlap: overlap }) }
    if (options.report !== undefined && !('task' in whole))
      await writeReport(options.report, whole, options, test)
    return whole
  } finally {
    progress.stop()
  }
}

async function writeReport(
  file: string,
  evaluation: Evaluation,
  { pack, events, train }: Options,
  { times, time }: Interactions,
): Promise<void> {
  // Only here, since drawing takes a while to load.
  const { reportOf } = await import('../evaluate/report/report.js')
  const seconds = (pick: (a: number, b: number) => number) =>
    new Date(1000 * times.reduce((a, b) => pick(a, b)))
  const range = time === 'order' ? undefined : ([seconds(Math.min), seconds(Math.max)] as const)
  const words = process.argv.slice(2).map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`))
  const command = ['nearside', ...words].join(' ')
  await writeFile(file, await reportOf(evaluation, { pack, events, train, range, command, at: new Date() }))
}

function partsOf(text: string): Part[] {
  const parts = text.split(',').map((part) => part.trim())
  const wrong = parts.find((part) => !(PARTS as readonly string[]).includes(part))
  if (wrong !== undefined)
    throw new InvalidArgumentError(`"${wrong}" is no part; there are ${PARTS.join(' and ')}.`)
  return parts as Part[]
}
