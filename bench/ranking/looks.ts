/** Looks at test sets: each is logged, because whoever looks often enough will choose what fits the test by chance. */
import { table } from '../pages/table.js'
import { today } from '../script/machine.js'
import { readResults, writeResults } from '../script/results.js'

const FILE = 'looks.json'

export interface Look {
  /** ISO date. */
  date: string
  command: string
  purpose: string
}

export function readLooks(): Look[] {
  return readResults<Look[]>(FILE, [])
}

export function logLook(command: string, purpose: string): void {
  writeResults(FILE, [...readLooks(), { date: today(), command, purpose }])
}

export function looksSection(looks: readonly Look[]): string {
  return `Hyperparameters are chosen on the last days of the training logs. Each look at a test set is logged here.

${table(
  ['date', 'command', 'what for'],
  looks.map(({ date, command, purpose }) => [date, `\`${command}\``, purpose]),
  3,
)}`
}
