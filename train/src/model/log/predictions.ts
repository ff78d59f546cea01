/** What a model is asked on held-out sessions: the next item after each event but the last. */
import type { Step } from '../../../../worker/session/encoder.js'
import type { Log } from './log.js'

export interface Question {
  /** The session so far, oldest first. */
  steps: Step[]
  target: number
}

/**
 * At most `limit` questions (whole sessions, evenly spread over the log).
 * @param part of two: sessions of even or of odd place, so that what is fitted on one is judged on the other
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
