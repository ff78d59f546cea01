/** The section of docs/ranking.md: new items of a live file. */
import { count, table } from '../pages/table.js'
import type { Fold } from './experiment.js'

/** @param known by data set */
export function section(known: Readonly<Record<string, Fold[]>>): string {
  return `In each fold a tenth of a pack's items is taken out, and comes back through a live file. Asked about are the next steps of a
test log, NDCG@20 among all items. _Content-kNN_ ranks by the squared cosine of features with the last three items. _Others_ are
the steps to items that were not taken out. The vectors of these were learnt with all items in the log.

${table(
  [
    '',
    'folds',
    'new, asked',
    'new: live file',
    'content-kNN',
    'ratio',
    'others: without',
    'with',
    'all: without',
    'with',
  ],
  Object.entries(known).map(([name, folds]) => rowOf(name, folds)),
)}

Written by \`npm --prefix bench run new-items -- --pack FOLDER --events LOG --name NAME\`.`
}

function rowOf(name: string, folds: readonly Fold[]): string[] {
  const mean = (of: (fold: Fold) => number) => folds.reduce((sum, fold) => sum + of(fold), 0) / folds.length
  const [live, content] = [mean(({ fresh }) => fresh.live), mean(({ fresh }) => fresh.content)]
  const figure = (value: number) => value.toFixed(4)
  return [
    name,
    String(folds.length),
    count(folds.reduce((sum, { asked }) => sum + asked, 0)),
    figure(live),
    figure(content),
    (live / content).toFixed(2),
    figure(mean(({ others }) => others.without)),
    figure(mean(({ others }) => others.live)),
    figure(mean(({ all }) => all.without)),
    figure(mean(({ all }) => all.live)),
  ]
}
