/** The Cache API, where OPFS is missing or blocked. Names are turned into addresses that no server has. */
import type { Place } from './store.js'

const BASE = 'https://pack.nearside.invalid/'

export function cacheStore(place: string): Place {
  const cache = () => caches.open(place)
  return {
    kind: 'cache',
    async read(name) {
      // Not caches.open: that would create the cache.
      const response = await caches.match(BASE + name, { cacheName: place })
      return response && new Uint8Array(await response.arrayBuffer())
    },
    write: async (name, bytes) => (await cache()).put(BASE + name, new Response(bytes as BodyInit)),
    delete: async (name) => void (await (await cache()).delete(BASE + name)),
    list: async () => (await (await cache()).keys()).map(({ url }) => url.slice(BASE.length)),
    wipe: async () => caches.delete(place),
  }
}
