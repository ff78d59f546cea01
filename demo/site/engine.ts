/**
 * The shop's side of `window.nearside`. The stub in the page's head takes calls from the first moment on; what it
 * cannot do is tell the state of consent, so whoever needs more than calls waits for `engine()`.
 */
import type { Nearside, RankedEvent } from '../../src/api.js'

declare global {
  interface Window {
    nearside: Nearside
  }
}

/** The stub, or the client when it is there: fit for `track`, `rank`, `recommend`, `similar`, `explain`. */
export const nearside = (): Nearside => window.nearside

let waiting: Promise<Nearside> | undefined

/** The client itself. Never comes when the script is blocked: the shop then is a shop without nearside. */
export function engine(): Promise<Nearside> {
  // The stub answers with a promise, which the client keeps by making the call.
  waiting ??= Promise.resolve(
    window.nearside.on('ranked', (event) => {
      last = event
    }),
  ).then(() => window.nearside)
  return waiting
}

/** Told after anything in the drawer has changed what the device knows, so that the page's lists follow. */
export const KNOWLEDGE = 'tuppence:knowledge'

let last: RankedEvent | undefined

/** The last list that was asked for on this page. */
export const lastRanked = (): RankedEvent | undefined => last
