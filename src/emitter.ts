/** Keeps the listeners of each event. If a listener throws, the error goes to the console and the other listeners still run. */

import type { NearsideEvent } from './api.js'
import type { TrackNotice } from './notice.js'

type Listener = (event: never) => void

export interface Emitter {
  /** @returns a function that ends the subscription */
  on(type: string, listener: Listener): () => void
  emit(event: NearsideEvent | TrackNotice): void
}

export function emitter(): Emitter {
  const listeners = new Set<{ type: string; listener: Listener }>()
  return {
    on(type, listener) {
      const entry = { type, listener }
      listeners.add(entry)
      return () => void listeners.delete(entry)
    },
    emit(event) {
      for (const { type, listener } of listeners) {
        if (type !== event.type) continue
        try {
          listener(event as never)
        } catch (error) {
          console.error(error)
        }
      }
    },
  }
}
