/** The section of docs/experiments.md: encoders, losses and augmentations in PyTorch. */
import { accuracy, count, table } from '../pages/table.js'

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

/**
 * @param known by data set and k, as they head the columns
 * @param names of the rows in their order; rows that were not measured are left out
 */
export function section(known: Record<string, Compared>, names: readonly string[]): string {
  const columns = Object.entries(known)
  const measured = names.filter((name) =>
    columns.some(([, { trials }]) => trials.some((trial) => trial.name === name)),
  )
  const cell = (own: Trial[]) => {
    if (own.length === 0) return ''
    const mean = (of: (trial: Trial) => number) => own.reduce((sum, trial) => sum + of(trial), 0) / own.length
    const figures = accuracy(
      mean(({ recall20 }) => recall20),
      mean(({ mrr20 }) => mrr20),
    )
    const times = own.length > 1 ? `${own.length} seeds, ` : ''
    return `${figures} (${times}${mean(({ cpuSeconds }) => cpuSeconds).toFixed(0)} s)`
  }
  return `The session encoder alone in PyTorch (\`bench/compare\`): with its learned repeat terms, but without tables and blend. Each row
is trained on all sessions of a training log except the latest tenth (of its latest 200,000 events), and asked about that tenth. All
rows start from the trainer's vectors and have its settings, except for 1,024 draws of negatives, 3 to 5 epochs, sessions read
forwards only, and what the row names. The figures are Recall@20 / MRR@20 over all predictions; a target that is a rare item counts
as missed. In brackets are the CPU seconds of one thread that shared its core. There is one seed unless the cell says otherwise. An
empty cell was not measured.

${table(
  ['Recall@20 / MRR@20', ...columns.map(([name, { asked }]) => `${name} (${count(asked)} asked)`)],
  measured.map((name) => [
    name,
    ...columns.map(([, { trials }]) => cell(trials.filter((trial) => trial.name === name))),
  ]),
)}

Written by \`npm --prefix bench run compare -- FOLDER\`.`
}
