/** The section of docs/experiments.md: what each part of the model is worth. */
import { accuracy, count, table } from '../pages/table.js'
import type { Ablation } from './experiment.js'

/** @param known by data set and k */
export function section(known: Readonly<Record<string, Ablation>>): string {
  const sets = Object.entries(known)
  const named = sets.map(([name, { kind, asked }]) => `${name} (${kind}; ${count(asked)} asked)`)
  const figures = ({ recall20, mrr20 }: { recall20: number; mrr20: number }) => accuracy(recall20, mrr20)
  const parts = table(
    ['Recall@20 / MRR@20', ...named],
    (sets[0]?.[1].rows ?? []).map(({ name }) => [
      name,
      ...sets.map(([, { rows }]) => {
        const row = rows.find((other) => other.name === name)!
        return figures(row) + (row.cpuSeconds === undefined ? '' : ` (${row.cpuSeconds.toFixed(0)} s)`)
      }),
    ]),
  )
  const bits = table(
    ['bits', ...sets.map(([name]) => name)],
    (sets[0]?.[1].coarse ?? []).map(({ bits }, i) => [
      bits,
      ...sets.map(([, { coarse }]) => `${figures(coarse[i]!)}, ${coarse[i]!.bytesPerItem.toFixed(1)} B`),
    ]),
  )
  return `Each model is trained on all sessions of a training log except the latest tenth, and asked about that tenth. Half of it is for
fitting the blend, and the other half gives the figures. There is one seed, so differences below .003 mean nothing. The first rows
train each encoder. Each further row takes one part away from the best of them, or trains it differently. In brackets are the CPU
seconds of one thread.

${parts}

Coarser vectors: the bits of a value, the quality, and what an item weighs after compression (brotli-11).

${bits}

Written by \`npm --prefix bench run ablation -- FOLDER\`.`
}
