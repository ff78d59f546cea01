/**
 * The figures of docs/quality.md beyond the next item: the rest of a basket, and the next visit of a person who came
 * back, for data sets whose log names people. A session of such a log is taken for a basket.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { nearside } from './nearside.js'
import { table } from './report.js'

const file = join(import.meta.dirname, 'tasks.json')

interface Figures {
  recall: Record<string, number>
  pooledRecall: Record<string, number>
  ndcg: Record<string, number>
}

type Interval = [number, number]

interface Answered extends Figures {
  baselines: Record<string, Figures & { difference: Record<string, Interval> }>
}

interface Basket extends Answered {
  baskets: number
  hidden: number
}

interface NextVisit extends Answered {
  visits: number
  people: number
  targets: number
  newItems: Answered & { visits: number; targets: number }
}

/** Next items of running visits. */
interface Running {
  predictions: number
  sessions: number
  returning: number
  recall: Record<string, number>
  mrr: Record<string, number>
  baselines: { forgotten: Pick<Running, 'recall' | 'mrr'> & { difference: Record<string, Interval> } }
}

/** By data set and k. */
type Measured = Record<string, { basket: Basket; nextVisit: NextVisit; running?: Running }>

/** Whether the log of a data set names people. */
export function namesPeople(folder: string): boolean {
  const text = gunzipSync(readFileSync(join(folder, 'test.tsv.gz'))).toString()
  return text.slice(0, text.indexOf('\n')).split('\t').includes('user_id')
}

/** Measures a pack and keeps the figures. */
export function measureTasks(set: string, folder: string, pack: string, k: string): void {
  const train = join(folder, 'train.tsv.gz')
  const asked = ['--pack', pack, '--events', join(folder, 'test.tsv.gz'), '--k', '20']
  const measured = read()
  measured[`${set} ${k}`] = {
    basket: nearside<Basket>('evaluate', ...asked, '--task', 'basket', '--train', train),
    nextVisit: nearside<NextVisit>('evaluate', ...asked, '--task', 'next-visit', '--history', train),
    running: nearside<Running>('evaluate', ...asked, '--history', train),
  }
  writeFileSync(file, `${JSON.stringify(measured, null, 2)}\n`)
}

/** The part of docs/quality.md; nothing where nothing was measured. */
export function tasksSection(): string {
  const measured = Object.entries(read()).sort()
  if (measured.length === 0) return ''
  const rows = (of: (task: Measured[string]) => Answered) =>
    measured.map(([key, tasks]): [string, Answered] => [key, of(tasks)])
  const { basket, nextVisit } = measured[0]![1]
  const count = (n: number) => n.toLocaleString('en')
  return `
## The rest of a basket

Each test basket is shuffled with a fixed seed; the last fifth of it, at least one item, is hidden and asked for from the
rest, as a set: what \`recommend({ seeds: basket })\` answers. What the basket holds is no candidate. Recall@20 of all
hidden items together (${count(basket.hidden)} of ${count(basket.baskets)} baskets), in brackets its mean over baskets. The baselines are given the same set;
their parameters (the part of the log that counts as popular; shrinkage, inverse frequency, neighbours kept, weight of
long baskets) are tuned on the last twentieth of the training log.

${compared(
  rows(({ basket }) => basket),
  'pooledRecall',
  'recall',
)}

## The next visit

All that is known is a person's earlier visits, as the device's profile has them; asked for are the distinct items of the
next one, before it has begun: ${count(nextVisit.visits)} visits of ${count(nextVisit.people)} people. Recall@20 averaged over visits, in brackets NDCG@20. Personal
frequency is the number of earlier visits with the item; what is popular fills up, as of late as serves best on the
training log.

${compared(
  rows(({ nextVisit }) => nextVisit),
  'recall',
  'ndcg',
)}

And only the ${count(nextVisit.newItems.targets)} of ${count(nextVisit.targets)} items that the person never had before, among all that the person never had:

${compared(
  rows(({ nextVisit }) => nextVisit.newItems),
  'recall',
  'ndcg',
)}
${remembered(measured)}`
}

/** The section on running visits, with what earlier ones left and without; nothing where that was not measured. */
function remembered(measured: [string, { running?: Running }][]): string {
  const rows = measured.flatMap(([key, { running }]) => (running ? [{ key, running }] : []))
  if (rows.length === 0) return ''
  const { predictions, sessions, returning } = rows[0]!.running
  const count = (n: number) => n.toLocaleString('en')
  const pair = ({ recall, mrr }: Pick<Running, 'recall' | 'mrr'>) =>
    `${digits(recall['20']!)} / ${digits(mrr['20']!)}`
  return `
## A visit of somebody who was there before

Once a visit has begun, what earlier ones left counts beside it, by as much as the trainer found: Recall@20 / MRR@20 of the next item over
${count(predictions)} predictions in ${count(sessions)} sessions, ${count(returning)} of them of people whose earlier visits are known, and as if nobody's were.

${table(
  ['data set', 'k', 'with them', 'without', 'Recall@20 gained, 95 %', 'MRR@20 gained, 95 %'],
  rows.map(({ key, running }) => {
    const { forgotten } = running.baselines
    const gained = (measure: string) => forgotten.difference[measure]!.map(digits).join(' to ')
    return [...key.split(' '), `**${pair(running)}**`, pair(forgotten), gained('recall20'), gained('mrr20')]
  }),
)}
`
}

const NAMES: Record<string, string> = {
  popularity: 'popularity',
  itemKnn: 'item-kNN',
  associationRules: 'association rules',
  personalFrequency: 'personal frequency',
}

const digits = (value: number) => value.toFixed(4).replace(/^(-?)0/, '$1')

function compared(rows: [string, Answered][], first: keyof Figures, second: keyof Figures): string {
  const names = Object.keys(rows[0]![1].baselines)
  const pair = (figures: Figures) => `${digits(figures[first]['20']!)} (${digits(figures[second]['20']!)})`
  return table(
    [
      'data set',
      'k',
      'nearside',
      ...names.map((name) => NAMES[name] ?? name),
      'above the best of them, 95 %',
    ],
    rows.map(([key, answered]) => {
      const { baselines } = answered
      const best = names.reduce((a, b) =>
        baselines[a]![first]['20']! >= baselines[b]![first]['20']! ? a : b,
      )
      const [low, high] = baselines[best]!.difference[`${first}20`]!
      const theirs = names.map((name) => pair(baselines[name]!))
      return [...key.split(' '), `**${pair(answered)}**`, ...theirs, `${digits(low)} to ${digits(high)}`]
    }),
  )
}

function read(): Measured {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
}
