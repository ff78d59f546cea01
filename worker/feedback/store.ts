/**
 * The log on disk: one IndexedDB database with one object store, keyed by order of arrival.
 *
 * Databases get lost under a page's feet: another tab erases them, iOS kills their server process, the disk is full.
 * What a shop's page must never notice of that: a lost connection is opened again, once per call; a full disk is
 * relieved of its oldest quarter, once per call; after that the log carries on in memory and says so.
 */
import { type DBSchema, deleteDB, type IDBPDatabase, type IDBPObjectStore, openDB } from 'idb'
import type { WireEvent } from '../protocol.js'
import { byTime, DAY_MS, type EventLog, type Retention, settledTimes, withoutItem } from './log.js'
import { MemoryLog } from './memory.js'

interface Schema extends DBSchema {
  /** Keys count up, so they are the order of arrival. */
  events: { key: number; value: WireEvent; indexes: { id: string; time: number } }
}

type Database = IDBPDatabase<Schema>

const VERSION = 1
const OPEN_MS = 4000
const BLOCKED_MS = 1000

export interface DiskOptions {
  /** Another tab has deleted the database. */
  onErased?: () => void
  /** The disk takes no more: events are kept in memory from here on. */
  onTrouble?: (message: string) => void
}

/**
 * Opens the log; rejects where there is no IndexedDB, or none that answers within four seconds.
 * @param name of the database
 */
export async function openDiskLog(name = 'nearside', options: DiskOptions = {}): Promise<EventLog> {
  const log = new DiskLog(name, options)
  await log.open()
  return log
}

/** Deletes a log that is not open here. Resolves after a second at most where other tabs hold on to theirs. */
export async function eraseDiskLog(name = 'nearside'): Promise<void> {
  if (typeof indexedDB === 'undefined') return
  await new Promise<void>((resolve, reject) => {
    // A tab that does not let go is frozen; the browser deletes the database as soon as it wakes or ends.
    deleteDB(name, { blocked: () => setTimeout(resolve, BLOCKED_MS) }).then(resolve, reject)
  })
}

class DiskLog implements EventLog {
  kind: 'memory' | 'disk' = 'disk'
  #name: string
  #options: DiskOptions
  #db: Database | undefined
  #closed = false
  /** Operations run one after the other, so that nothing is written behind the back of a wipe. */
  #tail: Promise<unknown> = Promise.resolve()
  /** Events waiting for the next transaction, and the ids that it will have added. */
  #batch: { events: WireEvent[]; added: Promise<Set<string>> } | undefined
  /** What the disk would not take. */
  #spare = new MemoryLog()

  constructor(name: string, options: DiskOptions) {
    this.#name = name
    this.#options = options
  }

  async open(): Promise<void> {
    await this.#connection()
  }

  async add(events: readonly WireEvent[]): Promise<string[]> {
    if (!this.#batch) {
      const waiting: WireEvent[] = []
      const added = this.#queue(() => {
        if (this.#batch?.events === waiting) this.#batch = undefined
        return this.#write(waiting)
      })
      this.#batch = { events: waiting, added }
    }
    const { added } = this.#batch
    this.#batch.events.push(...events)
    const fresh = await added
    // Callers of one batch run in their order, so an id that two of them sent is the first one's.
    return events.filter(({ id }) => fresh.delete(id)).map(({ id }) => id)
  }

  all(): Promise<WireEvent[]> {
    return this.#queue(async () => {
      const stored = await this.#retry((db) => db.getAll('events'))
      return [...stored, ...(await this.#spare.all())].sort(byTime)
    })
  }

  count(): Promise<number> {
    return this.#queue(
      async () => (await this.#retry((db) => db.count('events'))) + (await this.#spare.count()),
    )
  }

  removeItem(id: string): Promise<void> {
    return this.#queue(async () => {
      await this.#spare.removeItem(id)
      await this.#retry(async (db) => {
        const tx = db.transaction('events', 'readwrite')
        for (let at = await tx.store.openCursor(); at; at = await at.continue()) {
          const rest = withoutItem(at.value, id)
          if (!rest) await at.delete()
          else if (rest !== at.value) await at.update(rest)
        }
        await tx.done
      })
    })
  }

  prune(retention: Retention, now: number): Promise<void> {
    return this.#queue(async () => {
      await this.#spare.prune(retention, now)
      await this.#retry((db) => prune(db, retention, now))
    })
  }

  wipe(): Promise<void> {
    return this.#queue(async () => {
      await this.#spare.wipe()
      // Emptied first, for then the events are gone even where the deletion has to wait for another tab.
      await this.#db?.clear('events').catch(() => {})
      this.#drop()
      await eraseDiskLog(this.#name)
    })
  }

  close(): void {
    this.#queue(async () => this.#drop()).catch(() => {})
    this.#closed = true
  }

  #queue<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new Error('The event log is closed.'))
    // Events that come after this operation must not join those that came before it.
    this.#batch = undefined
    const result = this.#tail.then(work)
    this.#tail = result.catch(() => {})
    return result
  }

  async #write(events: readonly WireEvent[]): Promise<Set<string>> {
    if (this.kind === 'disk') {
      try {
        return await this.#retry((db) => write(db, events))
      } catch (error) {
        this.kind = 'memory'
        this.#options.onTrouble?.(`Events are kept in memory only, because storing them failed: ${error}`)
      }
    }
    return new Set(await this.#spare.add(events))
  }

  /** Runs the work, and once more after what made it fail has been dealt with, if it can be. */
  async #retry<T>(work: (db: Database) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#connection())
    } catch (error) {
      const name = error instanceof DOMException ? error.name : ''
      if (name === 'QuotaExceededError') await dropOldestQuarter(await this.#connection())
      // InvalidStateError: closed by a version change or by the browser. AbortError: closed in the midst of the work.
      // UnknownError: WebKit's storage process has ended, which it does behind backgrounded pages
      // (https://bugs.webkit.org/show_bug.cgi?id=277615).
      else if (['InvalidStateError', 'AbortError', 'UnknownError'].includes(name)) this.#drop()
      else throw error
      return work(await this.#connection())
    }
  }

  async #connection(): Promise<Database> {
    this.#db ??= await connect(this.#name, (erased) => {
      this.#drop()
      if (erased) this.#options.onErased?.()
    })
    return this.#db
  }

  #drop(): void {
    this.#db?.close()
    this.#db = undefined
  }
}

/** @param lost called when the connection is or must be given up; `erased`: because another tab deletes the database */
function connect(name: string, lost: (erased: boolean) => void): Promise<Database> {
  return new Promise((resolve, reject) => {
    let late = false
    // Some releases of Safari never answer the first open (https://bugs.webkit.org/show_bug.cgi?id=226547), and no
    // browser answers while a deletion waits for a frozen tab.
    const timer = setTimeout(() => {
      late = true
      reject(new Error(`IndexedDB did not open "${name}" within ${OPEN_MS} ms.`))
    }, OPEN_MS)
    openDB<Schema>(name, VERSION, {
      upgrade(db) {
        const store = db.createObjectStore('events', { autoIncrement: true })
        store.createIndex('id', 'id', { unique: true })
        store.createIndex('time', 'time')
      },
      blocking: (_current, next) => lost(next === null),
      terminated: () => lost(false),
    })
      .then((db) => (late ? db.close() : resolve(db)), reject)
      .finally(() => clearTimeout(timer))
  })
}

async function write(db: Database, events: readonly WireEvent[]): Promise<Set<string>> {
  const tx = db.transaction('events', 'readwrite', { durability: 'relaxed' })
  const ids = tx.store.index('id')
  const added = new Set<string>()
  const seen = new Set<string>()
  const requests = events.map(async (event) => {
    if (seen.has(event.id)) return
    seen.add(event.id)
    if ((await ids.getKey(event.id)) !== undefined) return
    await tx.store.add(event)
    added.add(event.id)
  })
  await settled(tx.done, requests)
  return added
}

/** Waits for the transaction first: why it failed is better told by it than by the requests that fell with it. */
async function settled(done: Promise<void>, requests: Promise<unknown>[]): Promise<void> {
  const all = Promise.all(requests)
  all.catch(() => {})
  await done
  await all
}

async function prune(db: Database, { days, events: most }: Retention, now: number): Promise<void> {
  const tx = db.transaction('events', 'readwrite', { durability: 'relaxed' })
  const { store } = tx
  const time = store.index('time')
  const [ahead, old, count] = await Promise.all([
    time.count(IDBKeyRange.lowerBound(now, true)),
    time.getAllKeys(IDBKeyRange.upperBound(now - days * DAY_MS, true)),
    store.count(),
  ])
  const requests: Promise<unknown>[] = []
  if (ahead > 0) {
    const [keys, arrivals] = await Promise.all([store.getAllKeys(), store.getAll()])
    for (const [i, time] of settledTimes(arrivals, now).entries()) {
      if (time !== arrivals[i]!.time) requests.push(store.put({ ...arrivals[i]!, time }, keys[i]!))
    }
  }
  for (const key of old) requests.push(store.delete(key))
  const excess = count - old.length - most
  if (excess > 0) requests.push(deleteFirst(store, excess))
  await settled(tx.done, requests)
}

async function dropOldestQuarter(db: Database): Promise<void> {
  const tx = db.transaction('events', 'readwrite')
  const count = await tx.store.count()
  await settled(tx.done, [deleteFirst(tx.store, Math.ceil(count / 4))])
}

type Store = IDBPObjectStore<Schema, ['events'], 'events', 'readwrite'>

/** Deletes the n events that arrived first. */
async function deleteFirst(store: Store, n: number): Promise<void> {
  const keys = await store.getAllKeys(null, n)
  if (keys.length > 0) await store.delete(IDBKeyRange.upperBound(keys.at(-1)))
}
