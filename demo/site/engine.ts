/**
 * The shop's side of `window.nearside`. The stub in the page's head takes calls from the start. It does not know the
 * state of consent: code that needs it waits for `engine()`.
 */
import type { Nearside, RankedEvent } from '../../src/api.js'

declare global {
  interface Window {
    nearside: Nearside
  }
}

/** The stub, later the client. Both have `track`, `rank`, `recommend`, `similar` and `explain`. */
export const nearside = (): Nearside => window.nearside

let waiting: Promise<Nearside> | undefined

/** The client itself. If the script is blocked, this never resolves, and the shop works without nearside. */
export function engine(): Promise<Nearside> {
  // The stub returns a promise. The client resolves it when it has taken the call over.
  waiting ??= Promise.resolve(
    window.nearside.on('ranked', (event) => {
      last = event
    }),
  ).then(() => window.nearside)
  return waiting
}

/** The event after the panel has changed what the device knows. The page's lists follow it. */
export const KNOWLEDGE = 'tuppence:knowledge'

let last: RankedEvent | undefined

/** The last list that this page asked for. */
export const lastRanked = (): RankedEvent | undefined => last
