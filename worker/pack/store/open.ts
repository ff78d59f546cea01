/**
 * Opens the store of this browser: OPFS, else the Cache API, else IndexedDB, else none. Without a store the pack is used
 * from memory. Each place is probed: it must return what was written. If a place fails its probe or is full, the next one is
 * used, and files in the first one stay readable.
 */
import { cacheStore } from './cache.js'
import { idbStore } from './idb.js'
import { opfsStore } from './opfs.js'
import type { PackStore, Place } from './store.js'

/** Name of the directory, cache or database. */
const PLACE = 'nearside-pack'

/** The places in order of preference. None is touched here. A place that this browser lacks fails its probe later. */
const durable = (): Place[] => [opfsStore(PLACE), cacheStore(PLACE), idbStore(PLACE)]

/** Opens the store for packs. Call it only under a grant. Reading writes nothing; the probe runs before the first write. */
export function openStore(): StoreChain {
  return chainOf(durable())
}

/**
 * Removes everything that any page has stored, in all places, and writes nothing while doing so. Nobody may write meanwhile,
 * and an open store must be left first.
 */
export async function wipeStores(): Promise<void> {
  const wipe = () => Promise.allSettled(durable().map((place) => place.wipe()))
  const found = (await wipe()).some((place) =>
    place.status === 'fulfilled' ? place.value : isBusy(place.reason),
  )
  if (!found) return
  // A page that was just ending may have held a file open, which could not be removed. Try again after a moment.
  await new Promise((resolve) => setTimeout(resolve, 500))
  await wipe()
}

/** A place that this browser lacks or blocks has nothing to remove; any other failure may leave something. */
function isBusy(reason: unknown): boolean {
  return !/^(Type|Reference|Security)Error$/.test((reason as Error)?.name)
}

export interface StoreChain extends PackStore {
  /** Gives up all places, so that no running write can complete after an erasure. */
  leave(): void
}

/** Permission to write: runs the write, or skips it and resolves with undefined. */
export type Permit = <T>(write: () => Promise<T>) => Promise<T | undefined>

/** The same chain, but a write is skipped if it is not permitted. */
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

/** Several places as one store. Each name is stored in the first place that accepts it. */
export function chainOf(durable: PackStore[]): StoreChain {
  let places = durable
  /** Index of the place in use. Those before it have failed. After the last, nothing is kept. */
  let current = 0
  let probed = false

  /** Runs the work in all places that may hold something. If it fails in a place, that place counts as empty. */
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
        // An earlier page had to use this place, so its files stay here.
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
        // Remove what was written, so that nobody finds half a file.
        await place.delete(name).catch(() => {})
        if (place === places[current]) current++
        probed = false
        return chain.write(name, bytes)
      }
      // An earlier place that is too full for the new value may still hold an old one, and would be read first.
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
