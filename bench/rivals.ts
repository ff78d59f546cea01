/**
 * The part of docs/quality.md that shows what simpler ways reach on the same questions: those that `nearside evaluate --train`
 * has built in, each with the settings that its own validation chose. They know every session of the training log, whatever k is.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { nearside } from './nearside.js'
import { table } from './report.js'

const file = join(import.meta.dirname, 'rivals.json')

const NAMES: Record<string, string> = {
  popularity: 'popularity',
  itemKnn: 'item-kNN',
  associationRules: 'association rules',
  sequentialRules: 'sequential rules',
  matrixFactorisation: 'matrix factorisation',
  vsknn: 'VSKNN',
  vsknnRepeat: 'VSKNN and repeat layer',
}

/** Recall@20 / MRR@20 by data set and way. */
type Measured = Record<string, Record<string, string>>

interface Figures {
  recall: Record<string, number>
  mrr: Record<string, number>
}

/** Measures the rivals on a data set once; the pack that they are asked beside does not matter. */
export function measureRivals(
  set: string,
  folder: string,
  pack: string,
  pair: (figures: Figures) => string,
): void {
  const measured = read()
  if (measured[set]) return
  const logs = ['--events', join(folder, 'test.tsv.gz'), '--train', join(folder, 'train.tsv.gz')]
  const { baselines } = nearside<{ baselines: Record<string, Figures> }>(
    'evaluate',
    ...['--pack', pack, ...logs, '--k', '20'],
  )
  measured[set] = Object.fromEntries(Object.keys(NAMES).map((name) => [name, pair(baselines[name]!)]))
  writeFileSync(file, `${JSON.stringify(measured, null, 2)}\n`)
}

/** @param reached Recall@20 / MRR@20 of our pack, where it was measured */
export function rivals(reached: (set: string, k: number) => string | undefined): string {
  const measured = read()
  const sets = Object.keys(measured).sort()
  if (sets.length === 0) return ''
  const ours = [1, 3].map((k) => [`**nearside**, k = ${k}`, ...sets.map((set) => reached(set, k) ?? '')])
  const theirs = Object.entries(NAMES).map(([name, label]) => [
    label,
    ...sets.map((set) => measured[set]![name]!),
  ])
  return `
## Beside simpler ways

Recall@20 / MRR@20 on the same test sets. The other ways are the honest baselines of \`nearside evaluate --train\`, fitted to the training log and
tuned on its last part; no pack holds them. They have no support rule: they know all sessions of all people, so compare them with k = 1 first.

${table(['', ...sets], [...ours, ...theirs])}
`
}

function read(): Measured {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
}
