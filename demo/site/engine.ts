/**
 * The shop's side of `window.nearside`. The stub in the page's head takes calls from the start. It does not know the
 * state of consent: code that needs it waits for `engine()`.
 */
import type { Nearside, RankedEvent } from '../../src/api.js'
import { find } from './dom.js'

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
  waiting ??= new Promise((resolve) => {
    const arrived = () => {
      window.nearside.on('ranked', (event) => {
        last = event
      })
      resolve(window.nearside)
    }
    // The stub has a queue, the client has none. The script puts the client in the stub's place.
    if ('q' in window.nearside)
      find<HTMLScriptElement>('script[src="/nearside.js"]')!.addEventListener('load', arrived)
    else arrived()
  })
  return waiting
}

/** The event after the panel has changed what the device knows. The page's lists follow it. */
export const KNOWLEDGE = 'tuppence:knowledge'

let last: RankedEvent | undefined

/** The last list that this page asked for. */
export const lastRanked = (): RankedEvent | undefined => last
