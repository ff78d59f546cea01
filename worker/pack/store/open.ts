/**
 * The store of this browser: OPFS, else the Cache API, else IndexedDB, else none. Without a store the pack is used from
 * memory. When a place fails its probe (what is written must read back) or is full, the next one is used; what the first
 * one holds stays readable.
 */
import { cacheStore } from './cache.js'
import { idbStore } from './idb.js'
import { opfsStore } from './opfs.js'
import type { PackStore, Place } from './store.js'

/** Name of the directory, cache or database. */
const PLACE = 'nearside-pack'

/** In the order of preference. None is touched here; what this browser lacks fails its probe. */
const durable = (): Place[] => [opfsStore(PLACE), cacheStore(PLACE), idbStore(PLACE)]

/** The store for packs. Only to be opened under a grant. Reading writes nothing; a probe runs before the first write. */
export function openStore(): StoreChain {
  return chainOf(durable())
}

/**
 * Removes whatever any page has stored, wherever it is, and writes nothing on the way. Nobody may write meanwhile, and an
 * open store must be left first.
 */
export async function wipeStores(): Promise<void> {
  const wipe = () => Promise.allSettled(durable().map((place) => place.wipe()))
  const found = (await wipe()).some((place) => place.status === 'rejected' || place.value)
  if (!found) return
  // A file that a dying page still held open could not be removed.
  await new Promise((resolve) => setTimeout(resolve, 500))
  await wipe()
}

export interface StoreChain extends PackStore {
  /** Gives up all places: no write under way comes after an erasure. */
  leave(): void
}

/** Permission to write: runs the write, or leaves it out and resolves with undefined. */
export type Permit = <T>(write: () => Promise<T>) => Promise<T | undefined>

/** The chain, each write of which is left out where it is not permitted. */
export function permitted(chain: StoreChain, permit: Permit): StoreChain {
  return {
    get kind() {
      return chain.kind
    },
    read: chain.read,
    delete: chain.delete,
    list: chain.list,
    leave: chain.leave,
    write: async (name, bytes) => void (await permit(() => chain.write(name, bytes))),
  }
}

/** Several places as one: each name lives in one of them, the first that takes it. */
export function chainOf(durable: PackStore[]): StoreChain {
  let places = durable
  /** Places before this one have failed; after the last, nothing is kept. */
  let current = 0
  let probed = false

  /** In all places that have been written to; what fails there has nothing. */
  const everywhere = <T>(work: (place: PackStore) => Promise<T>, nothing: T): Promise<T[]> =>
    Promise.all(places.slice(0, current + 1).map((place) => work(place).catch(() => nothing)))

  const chain: StoreChain = {
    get kind() {
      return places[current]?.kind ?? 'memory'
    },
    leave() {
      places = []
    },
    async read(name) {
      for (const [index, place] of places.entries()) {
        const bytes = await place.read(name).catch(() => undefined)
        if (!bytes) continue
        // An earlier page may have had to use this place. Its files stay where they are.
        current = Math.max(current, index)
        return bytes
      }
      return undefined
    },
    async write(name, bytes) {
      const place = places[current]
      if (!place) return
      try {
        if (!probed) await probe(place)
        probed = true
        await place.write(name, bytes)
      } catch {
        // Nobody may find half a file under this name.
        await place.delete(name).catch(() => {})
        if (place === places[current]) current++
        probed = false
        return chain.write(name, bytes)
      }
      // A place that was too full for the new value may hold an older one, which would be found first.
      for (const place of places.slice(0, current)) await place.delete(name).catch(() => {})
    },
    delete: async (name) => void (await everywhere((place) => place.delete(name), undefined)),
    list: async () => (await everywhere((place) => place.list(), [])).flat(),
  }
  return chain
}

async function probe(place: PackStore): Promise<void> {
  const name = `probe-${crypto.randomUUID()}`
  const value = Uint8Array.of(1, 2, 3)
  await place.write(name, value)
  const found = await place.read(name)
  await place.delete(name)
  if (found?.join() !== value.join()) throw new Error(`${place.kind} does not keep what is written`)
}
