/**
 * The log on disk: one IndexedDB database with one object store, keyed by order of arrival.
 *
 * Databases get lost under a page's feet: another tab erases them, iOS kills their server process, the disk is full.
 * What a shop's page must never notice of that: a lost connection is opened again, once per call; a full disk is
 * relieved of its oldest quarter, once per call; after that nothing more is written, and the log says so.
 */
import { type DBSchema, deleteDB, type IDBPDatabase, type IDBPObjectStore, openDB } from 'idb'
import type { WireEvent } from '../protocol.js'
import { transact } from '../transact.js'
import { type EventLog, type Revision, within, withoutItem } from './log.js'

interface Schema extends DBSchema {
  /** Keys count up, so they are the order of arrival. */
  events: { key: number; value: WireEvent; indexes: { id: string } }
}

type Database = IDBPDatabase<Schema>
type Store = IDBPObjectStore<Schema, ['events'], 'events', 'readwrite'>

const OPEN_MS = 4000
const BLOCKED_MS = 1000

export interface DiskOptions {
  /** Another tab has deleted the database. */
  onErased: () => void
  /** The disk takes no more: events are kept in memory from here on. */
  onTrouble: (message: string) => void
}

/**
 * The log of a database, which the first call opens; that rejects where there is no IndexedDB, or none that answers
 * within four seconds.
 * @param name of the database
 */
export function openDiskLog(name: string, options: DiskOptions): EventLog {
  let kind: EventLog['kind'] = 'disk'
  let db: Database | undefined
  /** Operations run one after the other, so that nothing is written behind the back of a wipe. */
  let tail: Promise<unknown> = Promise.resolve()
  /** Events waiting for the next transaction. */
  let batch: WireEvent[] = []

  function drop(): void {
    db?.close()
    db = undefined
  }

  /** Runs the work in a transaction, and once more after what made it fail has been dealt with, if it can be. */
  async function change<T>(work: (store: Store) => Promise<T>): Promise<T> {
    const attempt = async <R>(what: (store: Store) => Promise<R>) => {
      db ??= await connect(name, (erased) => {
        drop()
        if (erased) options.onErased()
      })
      return transact(db, 'events', what)
    }
    try {
      return await attempt(work)
    } catch (error) {
      const { name } = error as Error
      if (name === 'QuotaExceededError') await attempt(deleteOldestQuarter)
      // InvalidStateError: closed by a version change or by the browser. AbortError: closed in the midst of the work.
      // UnknownError: WebKit's storage process has ended, which it does behind backgrounded pages
      // (https://bugs.webkit.org/show_bug.cgi?id=277615).
      else if (/^(InvalidState|Abort|Unknown)Error$/.test(name)) drop()
      else throw error
      return attempt(work)
    }
  }

  /** @param own events that later ones may join; those after any other operation must not be written before it */
  function queue<T>(work: () => Promise<T>, own: WireEvent[] = []): Promise<T> {
    batch = own
    const result = tail.then(work)
    tail = result.catch(() => {})
    return result
  }

  return {
    get kind() {
      return kind
    },
    add(events) {
      const own = batch
      own.push(...events)
      return queue(async () => {
        const fresh = own.splice(0)
        if (fresh.length === 0 || kind === 'memory') return
        try {
          await change((store) => write(store, fresh))
        } catch (error) {
          kind = 'memory'
          options.onTrouble(`Events are kept in memory only: ${error}`)
        }
      }, own)
    },
    all: (retention, now) =>
      queue(async () => {
        const events = await change((store) => revise(store, within(retention, now)))
        return events.sort((a, b) => a.time - b.time)
      }),
    removeItem: (id) => queue(() => change(async (store) => void (await revise(store, withoutItem(id))))),
    wipe: () =>
      queue(async () => {
        // Emptied first, for then the events are gone even where the deletion has to wait for another tab.
        if (db) await transact(db, 'events', (store) => store.clear()).catch(() => {})
        drop()
        await eraseDiskLog(name)
      }),
    close: () => void queue(async () => drop()),
  }
}

/** Deletes a log that is not open here; rejects where there is no IndexedDB. Resolves after a second at most where other tabs hold on to theirs. */
export async function eraseDiskLog(name: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    // A tab that does not let go is frozen; the browser deletes the database as soon as it wakes or ends.
    deleteDB(name, { blocked: () => setTimeout(resolve, BLOCKED_MS) }).then(resolve, reject)
  })
}

/** @param lost called when the connection is or must be given up; `erased`: because another tab deletes the database */
function connect(name: string, lost: (erased: boolean) => void): Promise<Database> {
  return new Promise((resolve, reject) => {
    const opening = openDB<Schema>(name, 1, {
      upgrade(db) {
        db.createObjectStore('events', { autoIncrement: true }).createIndex('id', 'id', { unique: true })
      },
      blocking: (_current, next) => lost(next === null),
      terminated: () => lost(false),
    })
    // Some releases of Safari never answer the first open (https://bugs.webkit.org/show_bug.cgi?id=226547), and no
    // browser answers while a deletion waits for a frozen tab.
    const timer = setTimeout(() => {
      reject(new Error(`IndexedDB did not open "${name}" within ${OPEN_MS} ms.`))
      opening.then((late) => late.close()).catch(() => {})
    }, OPEN_MS)
    opening.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

async function write(store: Store, events: WireEvent[]): Promise<void> {
  const ids = store.index('id')
  for (const event of events) if ((await ids.getKey(event.id)) === undefined) await store.add(event)
}

/** Passes over the events, from the last that arrived to the first; returns what is left, the first foremost. */
async function revise(store: Store, revision: Revision): Promise<WireEvent[]> {
  const [keys, events] = await Promise.all([store.getAllKeys(), store.getAll()])
  const left: WireEvent[] = []
  const requests: Promise<unknown>[] = []
  for (let i = events.length - 1; i >= 0; i--) {
    const event = revision(events[i]!)
    if (event) left.push(event)
    if (!event) requests.push(store.delete(keys[i]!))
    else if (event !== events[i]) requests.push(store.put(event, keys[i]!))
  }
  await Promise.all(requests)
  return left.reverse()
}

async function deleteOldestQuarter(store: Store): Promise<void> {
  const keys = await store.getAllKeys(null, Math.ceil((await store.count()) / 4))
  if (keys.length > 0) await store.delete(IDBKeyRange.upperBound(keys.at(-1)))
}
