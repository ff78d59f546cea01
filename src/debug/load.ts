/** Loads `debug.js` if the option `debug` is set. Events from before it has loaded are kept for it. */
import type { ListEvent, Options, RankedEvent } from '../api.js'
import { type Emitter, emitter } from '../emitter.js'
import type { TrackNotice } from '../notice.js'

export type Heard = TrackNotice | ListEvent | RankedEvent

/** The file `debug.js`. */
export interface Debug {
  debug(options: Options): (heard: Heard) => void
}

/**
 * @param load imports `debug.js`; resolves with nothing if that fails
 * @returns the emitter for the client's events
 */
export function debugged(options: Options, load: () => Promise<unknown>): Emitter {
  const news = emitter()
  // On a server nobody reads these explanations.
  if (options?.debug !== true || typeof document === 'undefined') return news
  const explain = load()
    .then((file) => (file as Debug | undefined)?.debug(options))
    .catch(console.warn)
  for (const type of ['track', 'list', 'ranked']) {
    news.on(type, (heard: Heard) => void explain.then((explain) => explain?.(heard)))
  }
  return news
}
