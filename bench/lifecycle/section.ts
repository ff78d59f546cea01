/** The section of docs/experiments.md: warm starts. */
import { accuracy, count, table } from '../pages/table.js'

/** Sums over nights, so that every prediction counts alike. */
export interface Night {
  predictions: number
  hits: number
  reciprocal: number
  cpuSeconds: number
}

export interface Measured {
  encoder: string
  nights: { count: number; packs: Record<string, Night> }
}

const NAMES = { old: 'pack of the night before', warm: 'warm start, night after night', cold: 'from nothing' }

/** @param known by data set and k */
export function section(known: Readonly<Record<string, Measured>>): string {
  const measured = Object.entries(known).map(([name, { encoder, nights }]) => ({ name, encoder, ...nights }))
  const cells = ({ predictions, hits, reciprocal, cpuSeconds }: Night, nights: number) =>
    `${accuracy(hits / predictions, reciprocal / predictions)}${
      cpuSeconds > 0 ? ` (${(cpuSeconds / nights).toFixed(0)} s)` : ''
    }`
  const nightly = table(
    ['Recall@20 / MRR@20 of the next day', ...measured.map(({ name, encoder }) => `${name} (${encoder})`)],
    Object.entries(NAMES).map(([key, name]) => [
      name,
      ...measured.map(({ packs, count }) => cells(packs[key]!, count)),
    ]),
  )
  const asked = measured.map(
    (own) =>
      `${count(own.packs.cold!.predictions)} predictions of ${own.count} ${own.count === 1 ? 'day' : 'days'} of ${own.name}`,
  )
  return `Is a warm start, night after night, as good as training from nothing? Each pack is trained on a log until one evening, and
asked about the day after: ${asked.join(', ')}, the latest days of the training log. The warm start goes on from its own pack of
the night before; only the first one was trained from nothing. In brackets are the CPU seconds of a night.

${nightly}

Written by \`npm --prefix bench run lifecycle -- LOG\`.`
}
