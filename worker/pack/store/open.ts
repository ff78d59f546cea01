/**
 * The store of this browser: OPFS, else the Cache API, else IndexedDB, else memory. A place is left for the next one
 * when it fails its probe (what is written must read back) or when it is full; what it already holds stays readable.
 */
import { cacheStore } from './cache.js'
import { idbStore } from './idb.js'
import { exclusively } from './lock.js'
import { memoryStore } from './memory.js'
import { opfsStore } from './opfs.js'
import type { PackStore } from './store.js'

/** Name of the directory, cache or database. */
const PLACE = 'nearside-pack'

const open = new Set<StoreChain>()

/** The store for packs. Only to be opened under a grant. Reading writes nothing; a probe runs before the first write. */
export function openStore(): PackStore {
  const chain = new StoreChain(durable())
  open.add(chain)
  return chain
}

/**
 * Removes whatever any page has kept, wherever it is, and writes nothing on the way. Stores opened before keep to
 * memory from here on, so that no write under way comes after the erasure.
 */
export async function wipeStores(): Promise<void> {
  for (const chain of open) chain.leave()
  open.clear()
  await exclusively(() => Promise.allSettled(durable().map((place) => place.wipe())))
}

function durable(): PackStore[] {
  const has = (what: () => unknown) => {
    try {
      return Boolean(what())
    } catch {
      // In a sandboxed document the mere look is a SecurityError.
      return false
    }
  }
  return [
    ...(has(() => 'getDirectory' in navigator.storage) ? [opfsStore(PLACE)] : []),
    ...(has(() => caches) ? [cacheStore(PLACE)] : []),
    ...(has(() => indexedDB) ? [idbStore(PLACE)] : []),
  ]
}

/** Several places as one, with memory as the last: each name lives in one of them, the first that takes it. */
export class StoreChain implements PackStore {
  #places: PackStore[]
  /** Places before this one have failed. */
  #current = 0
  #probed = false

  constructor(places: PackStore[]) {
    this.#places = [...places, memoryStore()]
  }

  get kind(): PackStore['kind'] {
    return this.#places[this.#current]!.kind
  }

  /** Gives up all places but memory. */
  leave(): void {
    this.#places = [memoryStore()]
    this.#current = 0
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    for (const [index, place] of this.#places.entries()) {
      const bytes = await place.read(name).catch(() => undefined)
      if (!bytes) continue
      // What an earlier page could not keep in the better places is kept where it is.
      if (index > this.#current && index < this.#places.length) this.#current = index
      return bytes
    }
    return undefined
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    for (;;) {
      const place = this.#places[this.#current]!
      try {
        if (!this.#probed) await probe(place)
        this.#probed = true
        await place.write(name, bytes)
        break
      } catch (error) {
        // Half a file must not be found under its name.
        await place.delete(name).catch(() => {})
        if (place.kind === 'memory') throw error
        if (place === this.#places[this.#current]) this.#current++
        this.#probed = false
      }
    }
    // An older value in a place that is now too full to take the new one would be found first.
    for (const place of this.#places.slice(0, this.#current)) await place.delete(name).catch(() => {})
  }

  async delete(name: string): Promise<void> {
    await Promise.allSettled(this.#places.map((place) => place.delete(name)))
  }

  async list(): Promise<string[]> {
    const lists = await Promise.allSettled(this.#places.map((place) => place.list()))
    return [...new Set(lists.flatMap((list) => (list.status === 'fulfilled' ? list.value : [])))]
  }

  async wipe(): Promise<void> {
    await Promise.allSettled(this.#places.map((place) => place.wipe()))
  }
}

async function probe(place: PackStore): Promise<void> {
  const name = `probe-${crypto.randomUUID()}`
  const value = Uint8Array.of(1, 2, 3)
  await place.write(name, value)
  const found = await place.read(name)
  await place.delete(name)
  if (found?.join() !== value.join()) throw new Error(`${place.kind} does not keep what is written`)
}
