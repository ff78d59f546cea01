/** `nearside evaluate`: measures a pack on a log that it was not trained on, and compares it with simpler methods. */
import { writeFile } from 'node:fs/promises'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { openModel } from '../../../worker/model.js'
import type { WrittenManifest } from '../../../worker/pack/manifest.js'
import type { Renames } from '../data/columns.js'
import type { Interactions } from '../data/interactions.js'
import { loadLog } from '../data/load/load.js'
import { type Evaluation, evaluate } from '../evaluate/evaluate.js'
import { evaluatePolicy, policyText } from '../evaluate/policy/policy.js'
import { PARTS, type Part } from '../evaluate/questions/parts.js'
import { evaluateRank, type RankEvaluation } from '../evaluate/rank/evaluate-rank.js'
import { readStale, trainStale } from '../evaluate/rank/stale.js'
import { rankText } from '../evaluate/report/rank-table.js'
import { setTaskText } from '../evaluate/report/set-table.js'
import { asText } from '../evaluate/report/table.js'
import { type BasketEvaluation, evaluateBasket } from '../evaluate/sets/basket.js'
import { evaluateNextVisit, type NextVisitEvaluation } from '../evaluate/sets/next-visit.js'
import { readPackFromDisk } from '../pack/read.js'
import { weighPack } from '../pack/weigh.js'
import { interruptible } from '../running/interrupt.js'
import { openProgress } from '../running/progress.js'
import { integer, listLengths, renames } from './options.js'
import { type Overlap, overlapOf, overlapWarning } from './overlap.js'

interface Options {
  pack: string
  events: string[]
  policy?: string[]
  target?: string[]
  clip?: number
  k: number[]
  sample?: number
  parts: Part[]
  train?: string[]
  task: (typeof TASKS)[number]
  history?: string[]
  stale?: string
  columns?: Renames
  report?: string
  json?: boolean
}

const TASKS = ['next', 'rank', 'basket', 'next-visit'] as const

export function register(program: Command): void {
  program
    .command('evaluate')
    .summary('measure how well a pack predicts what comes next')
    .description(
      'Replays the sessions of a log through the same engine and pack that browsers use. Each event after the first of its ' +
        'session is predicted from the events before it. All items of the pack are candidates, and ties count against the pack.',
    )
    .option('-p, --pack <folder>', 'folder of the pack')
    .option('-e, --events <file...>', 'log file or glob that the pack was not trained on')
    .option(
      '--policy <file...>',
      'instead of a pack: a log of shown items with propensities, or exports of devices (JSON), to judge another policy by',
    )
    .option(
      '--target <file...>',
      'with --policy: a log of the other policy (default: each item equally often)',
    )
    .option(
      '--clip <weight>',
      'with --policy: the highest weight of an impression (default: 100)',
      integer(1),
    )
    .addOption(new Option('--k <k,…>', 'list lengths').argParser(listLengths).default([10, 20], '10,20'))
    .option('--sample <n>', 'use only n sessions, drawn at random (the same ones at every run)', integer(1))
    .addOption(
      new Option('--parts <part,…>', `use only one part of the model: ${PARTS.join(' or ')}`)
        .argParser(partsOf)
        .default([...PARTS], 'all'),
    )
    .option(
      '--train <file...>',
      'the training log: adds the baselines that need one (item-kNN, rules, session-kNN, factors), and checks for overlap',
    )
    .addOption(
      new Option(
        '--task <task>',
        "what to predict: the next item, its place in a server's lists, the rest of a basket, or the next visit of a known person",
      )
        .choices(TASKS)
        .default('next'),
    )
    .option('--stale <pack>', 'with --task rank: an older pack of the shop, as the model of a server')
    .option('--history <file...>', 'earlier visits of the same people, which their devices would remember')
    .option('--columns <ours=theirs,…>', 'column names, if your logs use other ones', renames)
    .option('--report <file>', 'also write a report with charts as one HTML file (only with --task next)')
    .option('--json', 'print one JSON object instead of text')
    .addHelpText('after', HELP)
    .action(async (options: Options, command: Command) => {
      if (options.policy) return judgePolicy(options, options.policy)
      for (const flag of ['pack', 'events'] as const) {
        if (options[flag] !== undefined) continue
        const { flags } = command.options.find(({ long }) => long === `--${flag}`)!
        command.error(`error: required option '${flags}' not specified`)
      }
      const evaluation = await interruptible((signal) => run(options, signal))
      const warning = overlapWarning(evaluation.overlap)
      if (warning !== undefined) process.stderr.write(`${warning}\n`)
      console.log(options.json ? JSON.stringify(evaluation, null, 2) : textOf(options.pack, evaluation))
    })
}

const HELP = `
The parts are session (the encoder) and neighbours (the item-to-item tables). Intervals are 95 %
bootstrap intervals over sessions. If the interval of a difference contains 0, the result is
called a tie. Two baselines are always shown: popularity, and the pack's neighbours alone. The
baselines that need other people's sessions appear with --train.

The test log must not contain sessions that the pack was trained on, or the figures are too good.
nearside warns if it finds some: with --train it compares both logs, without it it compares the
dates in the pack. --json reports the result as "overlap".

How long it takes: seconds to a few minutes. --sample 2000 makes a large log quick. --train adds
most of the time, because its baselines are tuned first.

--history predicts each session of a returning person as their device would, with what it
remembers of earlier visits. The same predictions without that memory are shown for comparison.

Figures of the lists, beside accuracy:
  coverage         share of the pack's items that are in at least one list
  diversity        how far apart the items of a list are: mean of 1 - cosine of their vectors
  novelty          mean of -log2 of an item's share of all popularity, in bits
  popularity bias  mean popularity of listed items, divided by that of the items that came next
  serendipity      right and not obvious: 1 - highest cosine of the next item with one of the
                   visit so far, where the list has it; the mean over all predictions
  filter bubble    mean cosine of listed items with those of the visit so far, divided by that of
                   the items that came next; above 1, lists hold visitors back

--task rank asks how the pack orders the lists of a shop's server. It makes the lists that a server
could send, each of 200 items: the most popular; a category page; with --train also item-kNN of the
last event, and a session model of the first 80 % of the training log (trained first, and kept for
the next time; --stale names another); and the shop's own, where the log has its impressions
(event_type view_item_list, position, request_id). Compared are the server's order, the same with this visit's
items in front (seen first), and ours, by NDCG@10, after t events of the visit. The oracle has the next
item first wherever it is in the list, so nothing can be better. "With scores" is ours where the page
gives the server's scores too. The last lines (--json: "below") name what is worse than the server for
certain, as stale/pooledSeen/scored: the lists; t, or all visits (pooled), or those whose next item is
new in the visit (pooledNew) or was seen before (pooledSeen); with the server's scores (scored). Small
test logs have wide intervals: use 1,000 sessions or more. --k has no effect here.

--task basket shuffles each session, hides the last fifth and predicts it from the rest, as a set.
--task next-visit predicts the items of a visit from that person's earlier visits alone. Earlier
visits are those in --history and those in the test log itself.

--policy judges another way to fill positions by what a first one has shown (off-policy evaluation).
The log has a row for each shown item: item_id, position, click, propensity (how probable it was that
this item was shown there), and request_id where several rows are one list. Files of
nearside.export() are read too; lists have propensities where exploration is on. Estimates are IPS,
SNIPS and doubly robust ones. They are told with the effective sample size and what was clipped.

Examples:
  nearside evaluate --pack packs/shop --events test.csv
  nearside evaluate --pack packs/shop --events test.csv --train 'logs/*.csv' --sample 2000
  nearside evaluate --pack packs/shop --events test.csv --train 'logs/*.csv' --report report.html
  nearside evaluate --pack packs/shop --events test.csv --parts session --k 5,10,20 --json
  nearside evaluate --pack packs/shop --events test.csv --task rank --train train.csv --sample 2000
  nearside evaluate --pack packs/shop --events test.csv --task basket --train train.csv
  nearside evaluate --pack packs/shop --events test.csv --history train.csv
  nearside evaluate --pack packs/shop --events test.csv --task next-visit --history train.csv
  nearside evaluate --policy explored.csv --target other.csv`

async function judgePolicy({ target, clip, columns, json }: Options, policy: string[]): Promise<void> {
  const evaluation = await evaluatePolicy({ policy, target, clip, renames: columns })
  console.log(json ? JSON.stringify(evaluation, null, 2) : policyText(evaluation))
}

type AnyEvaluation = (Evaluation | RankEvaluation | BasketEvaluation | NextVisitEvaluation) & {
  /** Absent if neither a training log nor dates are available to check. */
  overlap?: Overlap
}

function textOf(pack: string, evaluation: AnyEvaluation): string {
  if (!('task' in evaluation)) return asText(pack, evaluation)
  return evaluation.task === 'rank' ? rankText(pack, evaluation) : setTaskText(pack, evaluation)
}

async function run(options: Options, signal: AbortSignal): Promise<AnyEvaluation> {
  if (options.task === 'next-visit' && options.history === undefined) {
    throw new Error('--task next-visit needs --history <file>: the earlier visits of the same people.')
  }
  if (options.task === 'basket' && options.history !== undefined) {
    throw new Error(
      '--history works with --task next and next-visit, not with --task basket: a basket is predicted on its own.',
    )
  }
  if (options.report !== undefined && options.task !== 'next') {
    throw new Error(
      '--report works only with --task next. The other tasks print a table, or JSON with --json.',
    )
  }
  if (options.stale !== undefined && options.task !== 'rank') {
    throw new Error('--stale is the model of a server, and works only with --task rank.')
  }
  const progress = openProgress(options.json ?? false)
  try {
    const pack = await readPackFromDisk(options.pack)
    const model = await openModel(pack, 'auto')
    const people = new Map<string, number>()
    const load = async (phase: string, events: string[], withLists = false) => {
      const { data, lists, report } = await loadLog({
        events,
        lists: withLists,
        renames: options.columns,
        people,
        keys: true,
        signal,
        onProgress: (done, total) => progress.update(phase, done, total),
      })
      for (const line of report.bad.named) progress.say(line)
      return { data, lists }
    }
    const { data: test, lists } = await load('reading', options.events, options.task === 'rank')
    const train = options.train && (await load('baselines', options.train)).data
    const { lineage }: WrittenManifest = JSON.parse(new TextDecoder().decode(pack.release.bytes))
    const overlap = overlapOf(test, train, lineage)
    const history = options.history && (await load('history', options.history)).data
    const common = {
      ks: options.k,
      parts: options.parts,
      signal,
      onProgress: (phase: string, done: number, total: number) => progress.update(phase, done, total),
    }
    const evaluation =
      options.task === 'rank'
        ? await evaluateRank(model, test, {
            ...common,
            sample: options.sample,
            train,
            lists,
            history,
            stale:
              options.stale !== undefined
                ? await readStale(options.stale)
                : train && (await trainStale(train, { ...common, say: progress.say })),
          })
        : options.task === 'next-visit' && history
          ? await evaluateNextVisit(model, test, { ...common, history })
          : options.task === 'basket'
            ? await evaluateBasket(model, test, { ...common, train })
            : await evaluate(model, test, { ...common, sample: options.sample, train, history })
    const { figures } = await weighPack(pack, (done, total) => progress.update('compressing', done, total))
    const whole = { ...evaluation, pack: figures, ...(overlap && { overlap }) }
    if (options.report !== undefined && !('task' in whole))
      await writeReport(options.report, whole, options, test)
    return whole
  } finally {
    progress.stop()
  }
}

async function writeReport(
  file: string,
  evaluation: Evaluation & { overlap?: Overlap },
  { pack, events, train }: Options,
  { times, time }: Interactions,
): Promise<void> {
  // Loaded only when needed, because the chart library takes a while to load.
  const { reportOf } = await import('../evaluate/report/report.js')
  const seconds = (pick: (a: number, b: number) => number) =>
    new Date(1000 * times.reduce((a, b) => pick(a, b)))
  const range = time === 'order' ? undefined : ([seconds(Math.min), seconds(Math.max)] as const)
  const words = process.argv.slice(2).map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`))
  const command = ['nearside', ...words].join(' ')
  const warning = overlapWarning(evaluation.overlap)
  await writeFile(
    file,
    await reportOf(evaluation, { pack, events, train, range, command, warning, at: new Date() }),
  )
}

function partsOf(text: string): Part[] {
  const parts = text.split(',').map((part) => part.trim())
  const wrong = parts.find((part) => !(PARTS as readonly string[]).includes(part))
  if (wrong !== undefined)
    throw new InvalidArgumentError(`"${wrong}" is not a part. The parts are ${PARTS.join(' and ')}.`)
  return parts as Part[]
}
