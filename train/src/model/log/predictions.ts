/** Next-item questions from held-out sessions: after each event but the last, which item comes next? */
import type { Step } from '../../../../worker/session/encoder.js'
import type { Log } from './log.js'

export interface Question {
  /** The session so far, oldest first. */
  steps: Step[]
  target: number
}

/**
 * About `limit` questions at most, from whole sessions spread evenly over the log.
 * @param part 0 for sessions at even positions, 1 for odd ones: fit on one part and judge on the other
 */
export function questions(log: Log, part: 0 | 1, limit: number): Question[] {
  const all: number[] = []
  for (let s = part; s < log.sessions; s += 2) if (log.offsets[s + 1]! - log.offsets[s]! > 1) all.push(s)
  let total = 0
  for (const s of all) total += log.offsets[s + 1]! - log.offsets[s]! - 1
  const stride = Math.max(1, Math.ceil(total / limit))
  const out: Question[] = []
  for (let i = 0; i < all.length; i += stride) {
    const s = all[i]!
    const steps: Step[] = []
    for (let e = log.offsets[s]!; e < log.offsets[s + 1]!; e++) {
      const row = log.rows[e]!
      if (steps.length > 0) out.push({ steps: [...steps], target: row })
      steps.push({ row, weight: log.weights[e]! })
    }
  }
  return out
}
