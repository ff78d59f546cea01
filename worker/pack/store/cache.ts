/** The Cache API, where OPFS is missing or blocked. Names become addresses that no server has. */
import type { PackStore } from './store.js'

const BASE = 'https://pack.nearside.invalid/'

export function cacheStore(place: string): PackStore {
  return {
    kind: 'cache',
    async read(name) {
      // Not caches.open: that would create the cache.
      const response = await caches.match(BASE + name, { cacheName: place })
      return response && new Uint8Array(await response.arrayBuffer())
    },
    write: async (name, bytes) =>
      (await caches.open(place)).put(BASE + name, new Response(bytes as BodyInit)),
    async delete(name) {
      if (await caches.has(place)) await (await caches.open(place)).delete(BASE + name)
    },
    async list() {
      if (!(await caches.has(place))) return []
      return (await (await caches.open(place)).keys()).map(({ url }) => url.slice(BASE.length))
    },
    async wipe() {
      await caches.delete(place)
    },
  }
}
