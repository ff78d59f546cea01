/** The section of docs/experiments.md: items without a history. */
import { accuracy, count, table } from '../pages/table.js'
import type { Arrivals, Row } from './experiment.js'

/** One data set, once for each seed. */
export interface Measured {
  minSessions: number
  encoder: string
  runs: Arrivals[]
}

/** @param known by data set */
export function section(known: Readonly<Record<string, Measured>>): string {
  const sets = Object.entries(known)
  const named = sets.flatMap(([set, { runs }]) =>
    runs[0]!.attributes.length > 0 ? `of ${set} \`--attributes ${runs[0]!.attributes.join(',')}\`` : [],
  )
  const settings = new Set(
    sets.map(([, { minSessions, encoder }]) => `k = ${minSessions}, encoder ${encoder}`),
  )
  return `For this, the history of 12 % of the items of a training log is taken out, as if they came after the log's end. Of as many other
items the history before the log's last twentieth is taken out, so that the trainer meets newcomers in what it holds out. Asked about
are the sessions of the latest tenth, which is not trained on. _New_ are steps to items without any history: first found among all
items, then among the new ones alone. _Others_ are the remaining steps. There is one training (${[...settings].join('; ')}), and
the rows differ only in the biases of new items. Features besides title, category and price: ${named.join('; ') || 'none'}.

${table(
  ['', 'new items', 'new, Recall@20 / MRR@20', 'among new, Recall@5 / MRR', 'others', 'all'],
  sets.flatMap(([set, { runs }]) => rowsOf(set, runs)),
)}

Written by \`npm --prefix bench run content -- FOLDER\`.`
}

function rowsOf(set: string, runs: Arrivals[]): string[][] {
  const asked = runs.reduce((sum, run) => sum + run.asked, 0)
  const items = runs.map((run) => run.items).join(' + ')
  return runs[0]!.rows.map(({ name }, i) => {
    const mean = (of: (row: Row) => number) =>
      runs.reduce((sum, run) => sum + (run.asked / asked) * of(run.rows[i]!), 0)
    const pair = (part: 'fresh' | 'others' | 'all') =>
      accuracy(
        mean((row) => row[part].recall20),
        mean((row) => row[part].mrr20),
      )
    return [
      `${set}: ${items} items, ${count(asked)} asked`,
      name,
      pair('fresh'),
      accuracy(
        mean((row) => row.amongNew.recall5),
        mean((row) => row.amongNew.mrr),
      ),
      pair('others'),
      pair('all'),
    ]
  })
}
