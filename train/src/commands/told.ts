/** Messages about the logs that a command reads. */
import type { BadRows } from '../data/flaws.js'
import { cleaningTable } from '../data/load/cleaning-table.js'
import type { LogReport } from '../data/load/load.js'
import type { Coverage } from '../model/log/support.js'
import type { Progress } from '../running/progress.js'

/** Prints what the log contains and what is wrong with it. */
export function tell(progress: Progress, report: LogReport): void {
  const from = report.sessionsFrom === 'user_id' ? ', cut from user_id after 30 idle minutes' : ''
  progress.say(
    `${count(report.events)} events of ${count(report.items)} items in ${count(report.sessions)} sessions${from}; ` +
      `time is ${TIMES[report.time]}${report.from === null ? '' : `, ${report.from.slice(0, 10)} to ${report.to!.slice(0, 10)}`}`,
  )
  const left = Object.entries(report.leftOut).map(([name, n]) => `${count(n)} ${name}`)
  if (left.length > 0) progress.say(`left out, because they are not steps of a session: ${left.join(', ')}`)
  tellBad(progress, report.bad, report.rows)
  if (report.catalogue) tellBad(progress, report.catalogue.bad, report.catalogue.rows)
  if (report.cleaning) for (const line of cleaningTable(report.cleaning, report)) progress.say(line)
}

export function tellBad(progress: Progress, bad: BadRows, rows: number): void {
  if (bad.rows === 0) return
  for (const line of bad.named) progress.say(line)
  const reasons = Object.entries(bad.reasons).map(([reason, n]) => `${count(n)} × ${reason}`)
  progress.say(`skipped ${count(bad.rows)} bad of ${count(rows)} rows: ${reasons.join(', ')}`)
}

/** Values of `--min-sessions` that a shop may choose from. */
export const USUAL_KS = [1, 2, 3, 5]
/** Shares of a log's events: at least FULL is almost all, less than THIN is too few. */
const FULL = 0.99
const THIN = 0.9

/** Prints what `--min-sessions` leaves out of this log, and advice if another value would be better. */
export function tellCoverage(progress: Progress, coverage: readonly Coverage[], chosen: number): void {
  const at = (k: number) => coverage.find((other) => other.k === k)!
  const { items, events } = at(chosen)
  const others = coverage.filter(({ k }) => k !== chosen && k !== 1)
  progress.say(
    `k = ${chosen}: ${percent(items)} of the items, with ${percent(events)} of the events, have a vector of their own` +
      ` (of the events ${others.map(({ k, events }) => `${percent(events)} at ${k}`).join(', ')})`,
  )
  if (chosen === 1)
    progress.say('k = 1 protects nobody: the pack shows what single visitors did (docs/privacy.md)')
  if (chosen < 5 && at(5).events >= FULL)
    progress.say('--min-sessions 5 would protect more people and leave out almost nothing of this log')
  if (chosen > 2 && events < THIN)
    progress.say(
      'Items without a vector get one from their catalogue data. Without a catalogue, --min-sessions 2 makes better lists from ' +
        'such a small log, but protects fewer people (docs/quality.md, "Which k")',
    )
}

function percent(share: number): string {
  return `${rounded(100 * share)} %`
}

/** Printed after Ctrl-C during training. */
export const STOPPING =
  'Stopping: the pack is written from what has been learned so far, in a few seconds. Press Ctrl-C again to stop at once and write nothing.'

const TIMES = { real: 'real', day: 'days, with an order within each session', order: 'only an order' }

export function count(n: number): string {
  return n.toLocaleString('en')
}

export function rounded(value: number, digits = 1): number {
  return Number(value.toFixed(digits))
}
