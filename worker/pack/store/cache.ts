/** The Cache API, for browsers without OPFS. Names are turned into addresses that no server has. */
import type { Place } from './store.js'

const BASE = 'https://pack.nearside.invalid/'

export function cacheStore(place: string): Place {
  const cache = () => caches.open(place)
  return {
    kind: 'cache',
    async read(name) {
      // `caches.open` would create the cache, so `caches.match` is used.
      const response = await caches.match(BASE + name, { cacheName: place })
      return response && new Uint8Array(await response.arrayBuffer())
    },
    write: async (name, bytes) => (await cache()).put(BASE + name, new Response(bytes as BodyInit)),
    delete: async (name) => void (await (await cache()).delete(BASE + name)),
    list: async () => (await (await cache()).keys()).map(({ url }) => url.slice(BASE.length)),
    wipe: async () => caches.delete(place),
  }
}
