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
    async write(name, bytes) {
      const cache = await caches.open(place)
      await cache.put(BASE + name, new Response(bytes as BodyInit))
    },
    async delete(name) {
      if (await caches.has(place)) await (await caches.open(place)).delete(BASE + name)
    },
    async list() {
      if (!(await caches.has(place))) return []
      const requests = await (await caches.open(place)).keys()
      return requests.map(({ url }) => url.slice(BASE.length))
    },
    async wipe() {
      await caches.delete(place)
    },
  }
}
