/** The section of docs/ranking.md: recommendations for visitors of whom little is known. */
import { count, decimals, table } from '../pages/table.js'
import type { ColdStart, Figures } from './experiment.js'

const share = decimals(3)
const pair = ({ recall20, ndcg10 }: { recall20: number; ndcg10: number }) =>
  `${share(recall20)} / ${share(ndcg10)}`
const gain = ({ ci95 }: Figures) => ci95.map((end) => (end > 0 ? '+' : '') + share(end)).join(' to ')
const ORDER = (a: [string, unknown], b: [string, unknown]) => a[0].localeCompare(b[0])

/** @param known by data set */
export function section(known: Readonly<Record<string, ColdStart>>): string {
  const sets = Object.entries(known).sort(ORDER)
  const ks = [...new Set(sets.map(([, { minSessions }]) => minSessions))].join(', ')
  const row = (set: string, name: string, figures: Figures) => [
    set,
    name,
    count(figures.questions),
    pair(figures.popularity),
    pair(figures),
    gain(figures),
  ]
  const gained = 'gain of Recall@20 over popularity, 95 %'
  return `Recall@20 / NDCG@10 of \`recommend\` with 20 places, on test sets, k = ${ks}, encoder attention. A target that the pack does not
know is a miss. The interval is a paired bootstrap over sessions.

After so many events, the next item. _Alone_ is what the model's space and tables find, as \`nearside evaluate\` asks them.

${table(
  ['data set', 'events', 'questions', 'popularity', 'alone', 'nearside', gained],
  sets.flatMap(([set, { after }]) =>
    Object.entries(after).map(([t, { alone, ...figures }]) =>
      row(set, t, figures).toSpliced(4, 0, t === '0' ? '' : pair(alone)),
    ),
  ),
)}

Before the first event, the first item, where something is known. The knowledge is simulated: it is taken from the item itself,
and so it is always right.

${table(
  ['data set', 'known', 'questions', 'popularity', 'nearside', gained],
  sets.flatMap(([set, { knowing }]) =>
    Object.entries(knowing).map(([name, figures]) => row(set, name, figures)),
  ),
  2,
)}

With a preferred category. Before any event it is that of the visit's first item, and asked for are all items after it. After the
first events it is the category of most items of the visit, and the next item is asked for.

${table(
  ['data set', 'events', 'questions', 'popularity', 'without the preference', 'with it'],
  sets.flatMap(([set, { preferring }]) =>
    Object.entries(preferring).map(([t, { without, ...figures }]) => [
      set,
      t,
      count(figures.questions),
      pair(figures.popularity),
      without ? pair(without) : '',
      pair(figures),
    ]),
  ),
)}

Items that packs name as trending and as new: ${sets.map(([set, { trending, fresh }]) => `${set} ${count(trending)} and ${fresh}`).join('; ')}. Written by \`npm --prefix bench run cold-start -- FOLDER\`.`
}
