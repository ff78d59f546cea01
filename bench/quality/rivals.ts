/**
 * Simpler ways beside the pack, on the same questions: the baselines that `nearside evaluate --train` has built in, each
 * with the settings that its own validation chose. They know every session of the training log, whatever k is.
 */
import { accuracy, table } from '../pages/table.js'
import { nearside } from '../script/nearside.js'
import { readResults, writeResults } from '../script/results.js'

const FILE = 'rivals.json'

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

/** Measures the simpler ways on a data set, once. It does not matter which pack they are asked beside. */
export async function measureRivals(
  set: string,
  { train, test, pack }: { train: string; test: string; pack: string },
): Promise<void> {
  const measured = readResults<Measured>(FILE, {})
  if (measured[set]) return
  const { baselines } = await nearside<{ baselines: Record<string, Figures> }>(
    'evaluate',
    ...['--pack', pack, '--events', test, '--train', train, '--k', '20'],
  )
  const at20 = ({ recall, mrr }: Figures) => accuracy(recall['20']!, mrr['20']!)
  measured[set] = Object.fromEntries(Object.keys(NAMES).map((name) => [name, at20(baselines[name]!)]))
  writeResults(FILE, measured)
}

/** @param reached Recall@20 / MRR@20 of our pack, where it was measured */
export function rivals(reached: (set: string, k: number) => string | undefined): string {
  const measured = readResults<Measured>(FILE, {})
  const sets = Object.keys(measured).sort()
  if (sets.length === 0) return ''
  const ours = [1, 3].map((k) => [`**nearside**, k = ${k}`, ...sets.map((set) => reached(set, k) ?? '')])
  const theirs = Object.entries(NAMES).map(([name, label]) => [
    label,
    ...sets.map((set) => measured[set]![name]!),
  ])
  return `
## Beside simpler ways

Recall@20 / MRR@20 on the same test sets. The simpler ways are the baselines of \`nearside evaluate --train\`: fitted to the
training log, and tuned on its last part. No pack holds them, and they have no support rule: they know all sessions of all people.
So compare them with k = 1 first.

${table(['', ...sets], [...ours, ...theirs])}
`
}
