/** The last resort, and the whole store before consent: for the life of the page. */
import type { PackStore } from './store.js'

export function memoryStore(): PackStore {
  const entries = new Map<string, Uint8Array>()
  return {
    kind: 'memory',
    read: async (name) => entries.get(name),
    write: async (name, bytes) => void entries.set(name, bytes),
    delete: async (name) => void entries.delete(name),
    list: async () => [...entries.keys()],
    wipe: async () => entries.clear(),
  }
}
