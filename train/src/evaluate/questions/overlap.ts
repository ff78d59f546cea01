/** Test sessions that the pack was trained on: figures from them are too good. */
import type { Lineage } from '../../../../worker/pack/manifest.js'
import type { Interactions } from '../../data/interactions.js'

export interface TrainingOverlap {
  /** Sessions of the test log that were in the training log, or that ended before the training log did. */
  sessions: number
  /** Sessions of the test log. */
  of: number
  /** `log`: found in the log given with --train. `lineage`: earlier than the end of the training, as the pack tells. */
  from: 'log' | 'lineage'
}

/** Without exact times only sessions of so many events are compared: shorter ones are alike by chance. */
const LONG = 5
/** The pack's end of training is rounded up to minutes. */
const ROUNDED = 60

/** @returns null where no session is found to have been in the training */
export function trainingOverlap(
  test: Interactions,
  train: Interactions | undefined,
  lineage: Pick<Lineage, 'time' | 'until'> | undefined,
): TrainingOverlap | null {
  const sessions = train ? inBoth(test, train) : beforeEnd(test, lineage)
  return sessions > 0 ? { sessions, of: test.offsets.length - 1, from: train ? 'log' : 'lineage' } : null
}

function inBoth(test: Interactions, train: Interactions): number {
  const exact = test.time === 'real' && train.time === 'real'
  const trained = new Set(keysOf(train, exact))
  return keysOf(test, exact).filter((key) => trained.has(key)).length
}

/** What makes a session the same in two logs: its items in order, and its times where they are exact. */
function keysOf({ ids, offsets, rows, times }: Interactions, exact: boolean): string[] {
  const keys: string[] = []
  for (let s = 0; s + 1 < offsets.length; s++) {
    const [from, to] = [offsets[s]!, offsets[s + 1]!]
    if (to - from < (exact ? 2 : LONG)) continue
    const items = Array.from(rows.subarray(from, to), (row) => ids[row]!)
    keys.push(JSON.stringify(exact ? [items, Array.from(times.subarray(from, to))] : items))
  }
  return keys
}

function beforeEnd(
  { offsets, times, time }: Interactions,
  lineage: Pick<Lineage, 'time' | 'until'> | undefined,
) {
  if (lineage?.until === undefined || time === 'order' || lineage.time !== time) return 0
  let count = 0
  for (let s = 0; s + 1 < offsets.length; s++) {
    if (offsets[s + 1]! > offsets[s]! && times[offsets[s + 1]! - 1]! <= lineage.until - ROUNDED) count++
  }
  return count
}

/** For people to read. */
export function overlapText({ sessions, of, from }: TrainingOverlap): string {
  const count = `${sessions.toLocaleString('en')} of the ${of.toLocaleString('en')} test sessions`
  return from === 'log'
    ? `Warning: ${count} are in the training log too. The pack has learned them, so its figures are too good: test on later sessions.`
    : `Warning: ${count} ended before the pack's training log did. If the pack was trained on them, its figures are too good: test on later sessions.`
}
