/**
 * Origin private file system (https://fs.spec.whatwg.org). The fastest to read. Writing takes a sync access handle,
 * which every engine with OPFS has in workers (Safari had no other way before 26) and which is exclusive: whoever
 * writes holds the library's lock. Reading goes through `getFile()`, so that any number of tabs can at once.
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
