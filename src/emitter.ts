/** Who listens to what. A listener's exception is the listener's own: it is reported and stops nobody. */
import type { NearsideEvent } from './api.js'

type Listener = (event: never) => void

export interface Emitter {
  on(type: string, listener: Listener): () => void
  emit(event: NearsideEvent): void
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
