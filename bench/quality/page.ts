/** docs/quality.md, from what was measured. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { table } from '../pages/table.js'
import type { Processor } from '../script/machine.js'
import { ROOT, readResults } from '../script/results.js'
import { rivals } from './rivals.js'
import { tasksSection } from './tasks.js'
import { whichK } from './which-k.js'

/** Table rows by data set and k, and the machine that trained last. */
export interface Quality extends Processor {
  rows: Record<string, string>
}

export const NONE: Quality = { cpu: 'unknown', cores: 0, node: 'unknown', rows: {} }

export function writeQuality(): void {
  writeFileSync(join(ROOT, 'docs/quality.md'), qualityPage())
}

export function qualityPage(): string {
  const { cpu, cores, node, rows } = readResults<Quality>('quality.json', NONE)
  const reached = (set: string, k: number) => rows[`${set} ${k}`]?.split(' | ')[4]?.replaceAll('*', '')
  const cells = Object.keys(rows)
    .sort()
    .map((key) => rows[key]!.split(' | '))
  return `# How good the lists are

Which item comes next in a session? Each event of a test session after the first is predicted once, among all items of the
catalogue, through the quantised pack and the engine that browsers run. Figures are Recall@20 / MRR@20. An item with the same
score as the right one counts as ranked above it.

Hyperparameters were chosen on a validation cut of the training data, not on the test data. k is \`--min-sessions\`, 3 by
default. The encoder is the one that \`nearside train\` chose. ± is half of the 95 % bootstrap interval over sessions. The last
columns are the pack's size at brotli-11, and the seconds that training took (CPU seconds in brackets) on ${cores} cores of
${cpu}, Node ${node}, which were shared with other work.

${table(
  [
    ...['data set', 'predictions', 'k', 'encoder', 'whole', '±'],
    ...['session encoder alone', 'neighbours alone', 'pack', 'trained in'],
  ],
  cells,
)}
${rivals(reached)}${whichK(reached)}${tasksSection()}
Written by \`npm --prefix bench run quality -- FOLDER\`.
`
}
