/** The section of docs/ranking.md: new items of a live file. */
import { random } from '../../train/src/maths/random.js'
import { count, table } from '../pages/table.js'
import type { Accuracy, Fold } from './experiment.js'

/** One data set. */
export interface Measured {
  /** Most events that packs were trained on. */
  events: number
  folds: Fold[]
}

const DRAWS = 2000
const METRICS = [
  ['NDCG@20', 'ndcg'],
  ['Recall@20', 'recall'],
] as const

/** @param known by data set */
export function section(known: Readonly<Record<string, Measured>>): string {
  const most = [...new Set(Object.values(known).map(({ events }) => count(events)))].join(' or ')
  return `In each fold a tenth of the items is taken out of a shop's log and catalogue. A pack is trained on the rest (at most the latest
${most} events; k = 3, encoder attention; the blend is chosen once for a shop, not in each fold), and the items come through a
live file. Asked about are next steps of the test log, found among all items. _Content-kNN_ ranks by the squared cosine of features
with the last three items. _Others_ are the steps to items that were not taken out. _Without_ is the same pack without the live
file. In brackets: 95 % intervals, by bootstrap over folds.

${table(
  [
    '',
    'folds',
    'new, asked',
    '',
    'new: live file',
    'content-kNN',
    'ratio',
    'others',
    'all: without',
    'with',
    'change',
  ],
  Object.entries(known).flatMap(([name, { folds }]) =>
    METRICS.map(([title, metric], i) => {
      const asked = folds.reduce((sum, { fresh }) => sum + fresh.asked, 0)
      return [
        ...(i === 0 ? [name, String(folds.length), count(asked)] : ['', '', '']),
        title,
        ...figures(folds, metric),
      ]
    }),
  ),
)}

Written by \`npm --prefix bench run new-items -- FOLDER\`.`
}

function figures(folds: readonly Fold[], metric: keyof Accuracy): string[] {
  const live = (of: readonly Fold[]) => weighted(of, ({ fresh }) => fresh.live[metric])
  const content = (of: readonly Fold[]) => weighted(of, ({ fresh }) => fresh.content[metric])
  const mean = (of: readonly Fold[], part: 'others' | 'all', how: 'live' | 'without') =>
    of.reduce((sum, fold) => sum + fold[part][how][metric], 0) / of.length
  const change = (part: 'others' | 'all') => (of: readonly Fold[]) =>
    mean(of, part, 'live') / mean(of, part, 'without') - 1
  const figure = (value: number) => value.toFixed(3).replace(/^0/, '')
  return [
    figure(live(folds)),
    figure(content(folds)),
    withInterval(
      folds,
      (of) => live(of) / content(of),
      (value) => value.toFixed(2),
    ),
    withInterval(folds, change('others'), percent),
    figure(mean(folds, 'all', 'without')),
    figure(mean(folds, 'all', 'live')),
    withInterval(folds, change('all'), percent),
  ]
}

/** The mean over all questions about new items. */
function weighted(folds: readonly Fold[], of: (fold: Fold) => number): number {
  const asked = folds.reduce((sum, { fresh }) => sum + fresh.asked, 0)
  return folds.reduce((sum, fold) => sum + fold.fresh.asked * of(fold), 0) / asked
}

function withInterval(
  folds: readonly Fold[],
  of: (folds: readonly Fold[]) => number,
  text: (value: number) => string,
): string {
  const uniform = random(1, 20)
  const draws = Array.from({ length: DRAWS }, () =>
    of(folds.map(() => folds[Math.floor(uniform() * folds.length)]!)),
  ).sort((a, b) => a - b)
  const [low, high] = [draws[Math.floor(0.025 * DRAWS)]!, draws[Math.floor(0.975 * DRAWS)]!]
  return `${text(of(folds))} (${text(low)} to ${text(high)})`
}

function percent(value: number): string {
  const digits = Math.abs(100 * value).toFixed(1)
  return `${value < 0 ? '−' : '+'}${digits} %`
}
