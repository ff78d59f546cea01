/**
 * Origin private file system (https://fs.spec.whatwg.org). The fastest to read. Writing takes a sync access handle,
 * which every engine with OPFS has in workers (Safari had no other way before 26) and which is exclusive: whoever
 * writes holds the library's lock. Reading goes through `getFile()`, so that any number of tabs can at once.
 */
import type { PackStore } from './store.js'

const missing = (error: unknown) => (error as DOMException)?.name === 'NotFoundError'

export function opfsStore(place: string): PackStore {
  const root = () => navigator.storage.getDirectory()
  const directory = async (create: boolean) => (await root()).getDirectoryHandle(place, { create })

  return {
    kind: 'opfs',
    async read(name) {
      try {
        const file = await (await directory(false)).getFileHandle(name)
        return new Uint8Array(await (await file.getFile()).arrayBuffer())
      } catch (error) {
        if (missing(error)) return undefined
        throw error
      }
    },
    async write(name, bytes) {
      const file = await (await directory(true)).getFileHandle(name, { create: true })
      const handle = await file.createSyncAccessHandle()
      try {
        handle.truncate(0)
        const written = handle.write(bytes as BufferSource, { at: 0 })
        if (written !== bytes.length) throw new DOMException('disk full', 'QuotaExceededError')
        handle.flush()
      } finally {
        handle.close()
      }
    },
    async delete(name) {
      try {
        await (await directory(false)).removeEntry(name)
      } catch (error) {
        if (!missing(error)) throw error
      }
    },
    async list() {
      const names: string[] = []
      try {
        for await (const name of (await directory(false)).keys()) names.push(name)
      } catch (error) {
        if (!missing(error)) throw error
      }
      return names
    },
    async wipe() {
      try {
        await (await root()).removeEntry(place, { recursive: true })
      } catch (error) {
        if (!missing(error)) throw error
      }
    },
  }
}
