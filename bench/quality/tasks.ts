/**
 * The figures of docs/quality.md beyond the next item: the rest of a basket, and the next visit of a person who came back.
 * They are for data sets whose log names people; a session of such a log is taken as a basket.
 */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { accuracy, count, share, table } from '../pages/table.js'
import { nearside } from '../script/nearside.js'
import { readResults, writeResults } from '../script/results.js'

const FILE = 'tasks.json'

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

/** Whether a log names people. */
export function namesPeople(log: string): boolean {
  const text = gunzipSync(readFileSync(log)).toString()
  return text.slice(0, text.indexOf('\n')).split('\t').includes('user_id')
}

/** Measures a pack and keeps the figures. */
export async function measureTasks(
  set: string,
  { train, test, pack, k }: { train: string; test: string; pack: string; k: string },
): Promise<void> {
  const asked = ['--pack', pack, '--events', test, '--k', '20']
  const measured = {
    basket: await nearside<Basket>('evaluate', ...asked, '--task', 'basket', '--train', train),
    nextVisit: await nearside<NextVisit>('evaluate', ...asked, '--task', 'next-visit', '--history', train),
    running: await nearside<Running>('evaluate', ...asked, '--history', train),
  }
  writeResults(FILE, { ...readResults<Measured>(FILE, {}), [`${set} ${k}`]: measured })
}

/** The sections of docs/quality.md; empty where nothing was measured. */
export function tasksSection(): string {
  const measured = Object.entries(readResults<Measured>(FILE, {})).sort()
  if (measured.length === 0) return ''
  const rows = (of: (task: Measured[string]) => Answered) =>
    measured.map(([key, tasks]): [string, Answered] => [key, of(tasks)])
  const { basket, nextVisit } = measured[0]![1]
  return `
## The rest of a basket

Each test basket is shuffled with a fixed seed. The last fifth of it, at least one item, is hidden, and asked for from the rest as
a set: this is what \`recommend({ seeds: basket })\` answers. Items of the basket itself are no candidates. The figure is Recall@20
of all hidden items together (${count(basket.hidden)} of ${count(basket.baskets)} baskets), and in brackets the mean over baskets. The baselines are given the
same set. Their parameters (how much of the log counts as popular, shrinkage, inverse frequency, neighbours kept, weight of long
baskets) are tuned on the last twentieth of the training log.

${compared(
  rows(({ basket }) => basket),
  'pooledRecall',
  'recall',
)}

## The next visit

Only a person's earlier visits are known, as the device's profile has them. Asked for are the distinct items of the next visit,
before it has begun: ${count(nextVisit.visits)} visits of ${count(nextVisit.people)} people. The figure is Recall@20 averaged over visits, and in brackets NDCG@20.
Personal frequency is the number of earlier visits with the item. Popular items fill up its lists; how recent they must be is
tuned on the training log.

${compared(
  rows(({ nextVisit }) => nextVisit),
  'recall',
  'ndcg',
)}

The same for only the ${count(nextVisit.newItems.targets)} of ${count(nextVisit.targets)} items that the person never had before, among all items that the person never had:

${compared(
  rows(({ nextVisit }) => nextVisit.newItems),
  'recall',
  'ndcg',
)}
${remembered(measured)}`
}

/** The section on running visits, with the interests of earlier visits and without; empty where it was not measured. */
function remembered(measured: [string, { running?: Running }][]): string {
  const rows = measured.flatMap(([key, { running }]) => (running ? [{ key, running }] : []))
  if (rows.length === 0) return ''
  const { predictions, sessions, returning } = rows[0]!.running
  const pair = ({ recall, mrr }: Pick<Running, 'recall' | 'mrr'>) => accuracy(recall['20']!, mrr['20']!)
  return `
## A visit of a person who came back

Once a visit has begun, the interests that earlier visits left count beside it, with the weight that the trainer found. The
figures are Recall@20 / MRR@20 of the next item over ${count(predictions)} predictions in ${count(sessions)} sessions, ${count(returning)} of them of people whose earlier
visits are known; and the same as if no earlier visits were known.

${table(
  ['data set', 'k', 'with them', 'without', 'Recall@20 gained, 95 %', 'MRR@20 gained, 95 %'],
  rows.map(({ key, running }) => {
    const { forgotten } = running.baselines
    const gained = (measure: string) => forgotten.difference[measure]!.map(share).join(' to ')
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

function compared(rows: [string, Answered][], first: keyof Figures, second: keyof Figures): string {
  const names = Object.keys(rows[0]![1].baselines)
  const pair = (figures: Figures) => `${share(figures[first]['20']!)} (${share(figures[second]['20']!)})`
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
      return [...key.split(' '), `**${pair(answered)}**`, ...theirs, `${share(low)} to ${share(high)}`]
    }),
  )
}
