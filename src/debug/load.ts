/** Loads what explains things in the console, only where `debug` asks for it, and lets it hear everything from the start. */
import type { ListEvent, Options, RankedEvent } from '../api.js'
import { type Emitter, emitter } from '../emitter.js'
import type { TrackNotice } from '../notice.js'

export type Heard = TrackNotice | ListEvent | RankedEvent

/** The file `debug.js`. */
export interface Debug {
  debug(options: Options): (heard: Heard) => void
}

/**
 * @param load imports `debug.js`; nothing where that fails
 * @returns what carries a client's events
 */
export function debugged(options: Options, load: () => Promise<unknown>): Emitter {
  const news = emitter()
  // On a server there is nobody to explain anything to.
  if (options?.debug !== true || typeof document === 'undefined') return news
  const early: Heard[] = []
  let hear: (heard: Heard) => void = (heard) => early.push(heard)
  for (const type of ['track', 'list', 'ranked']) news.on(type, (heard: Heard) => hear(heard))
  load().then((file) => {
    if (!file) return
    hear = (file as Debug).debug(options)
    early.forEach(hear)
  }, console.warn)
  return news
}
