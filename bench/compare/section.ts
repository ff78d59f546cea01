/** The table of docs/model.md that main.ts writes. */
import { table } from '../report.js'

/** One training. */
export interface Trial {
  name: string
  seed: number
  recall20: number
  mrr20: number
  cpuSeconds: number
}

/** A data set at one k. */
export interface Compared {
  asked: number
  trials: Trial[]
}

const digits = (value: number) => value.toFixed(4).replace(/^0/, '')

/**
 * @param known by data set and k, as the columns are to be headed
 * @param names of the rows in their order; one that was not measured is left out
 */
export function sectionOf(known: Record<string, Compared>, names: readonly string[]): string {
  const columns = Object.entries(known)
  const measured = names.filter((name) =>
    columns.some(([, { trials }]) => trials.some((trial) => trial.name === name)),
  )
  const cell = (own: Trial[]) => {
    if (own.length === 0) return ''
    const mean = (of: (trial: Trial) => number) => own.reduce((sum, trial) => sum + of(trial), 0) / own.length
    const figures = `${digits(mean(({ recall20 }) => recall20))} / ${digits(mean(({ mrr20 }) => mrr20))}`
    const times = own.length > 1 ? `${own.length} seeds, ` : ''
    return `${figures} (${times}${mean(({ cpuSeconds }) => cpuSeconds).toFixed(0)} s)`
  }
  return `The session encoder alone, with its learned repeat terms but without tables and blend, in PyTorch (\`bench/compare\`): trained on all but the
latest tenth of the sessions of a training log (of its latest 200,000 events), asked about that tenth. All rows start from the trainer's
vectors and have its settings, except for 1,024 draws of negatives, 3 to 5 epochs, sessions read forwards only, and what they name. Recall@20 / MRR@20 over all
predictions, where a target that is rare is missed; CPU-seconds of one thread that shared its core in brackets. One seed unless said; what is empty
was not measured.

${table(
  [
    'Recall@20 / MRR@20',
    ...columns.map(([name, { asked }]) => `${name} (${asked.toLocaleString('en')} asked)`),
  ],
  measured.map((name) => [
    name,
    ...columns.map(([, { trials }]) => cell(trials.filter((trial) => trial.name === name))),
  ]),
)}

Written by \`npm --prefix bench run compare -- FOLDER\`.`
}
