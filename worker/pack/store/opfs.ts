/**
 * Origin private file system (https://fs.spec.whatwg.org), the fastest place to read. Writing uses a sync access handle.
 * Every browser with OPFS has it in workers (Safari had no other way before 26). It is exclusive, so a writer must hold the
 * library's lock. Reading uses `getFile()`, so any number of tabs can read at once.
 */
import type { Place } from './store.js'

export function opfsStore(place: string): Place {
  const root = () => navigator.storage.getDirectory()
  const directory = async (create = false) => (await root()).getDirectoryHandle(place, { create })
  return {
    kind: 'opfs',
    async read(name) {
      const handle = await (await directory()).getFileHandle(name)
      return new Uint8Array(await (await handle.getFile()).arrayBuffer())
    },
    async write(name, bytes) {
      const file = await (await directory(true)).getFileHandle(name, { create: true })
      const handle = await file.createSyncAccessHandle()
      try {
        handle.truncate(0)
        if (handle.write(bytes as BufferSource) !== bytes.length) throw new Error('disk full')
        handle.flush()
      } finally {
        handle.close()
      }
    },
    delete: async (name) => (await directory()).removeEntry(name),
    async list() {
      const names: string[] = []
      for await (const name of (await directory()).keys()) names.push(name)
      return names
    },
    wipe: async () => {
      try {
        await (await root()).removeEntry(place, { recursive: true })
        return true
      } catch (error) {
        if ((error as Error).name === 'NotFoundError') return false
        throw error
      }
    },
  }
}
