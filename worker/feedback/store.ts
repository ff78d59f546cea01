/**
 * The log on disk: one IndexedDB database with the events, the shown lists, and the record of the grant under which they
 * were stored. Data of another grant should have been erased by a denial. It is never read, and is erased here.
 *
 * A page can lose its database: another tab erases it, iOS ends the storage process, or the disk is full. The shop's page
 * must not notice that. A lost connection is opened again, once per call. On a full disk the oldest quarter of the events is
 * deleted, once per call. If that does not help, nothing more is written, and the log reports it.
 */
import { type DBSchema, deleteDB, type IDBPDatabase, type IDBPTransaction } from 'idb'
import { openDatabase, transact } from '../databases.js'
import type { ShownList, WireEvent } from '../protocol.js'
import { type EventLog, listsWithin, type Revision, unlisted, within, withoutItem } from './log.js'

interface Schema extends DBSchema {
  /** Keys count up, so their order is the order of arrival. */
  events: { key: number; value: WireEvent; indexes: { id: string } }
  lists: { key: number; value: ShownList; indexes: { requestId: string } }
  /** Has one entry, with the key `record`. */
  grant: { key: string; value: string }
}

const VERSION = 2
const STORES: ('events' | 'lists' | 'grant')[] = ['events', 'lists', 'grant']
type Database = IDBPDatabase<Schema>
type Transaction = IDBPTransaction<Schema, typeof STORES, 'readwrite'>

/** Entries to add. */
interface Batch {
  events: WireEvent[]
  lists: ShownList[]
}

const OPEN_MS = 4000
const BLOCKED_MS = 1000

export interface DiskOptions {
  /** Record of the grant under which the data is stored. */
  grant: string
  /** Runs a write if the grant stands at this moment; else resolves with undefined. */
  permit<T>(write: () => Promise<T>): Promise<T | undefined>
  /** Runs an erasure while nobody writes. */
  alone<T>(erase: () => Promise<T>): Promise<T>
  /** Called when another tab has deleted the database. */
  onErased: () => void
  /** Called when the disk takes no more. From then on events are kept in memory. */
  onTrouble: (message: string) => void
}

/**
 * Opens the log in a database. The database is not created before the first `add`.
 * @param name of the database
 */
export function openDiskLog(name: string, options: DiskOptions): EventLog {
  let kind: EventLog['kind'] = 'disk'
  let db: Database | undefined
  /** Operations run one after the other, so that a write never runs after a wipe that was called later. */
  let tail: Promise<unknown> = Promise.resolve()
  /** Entries that wait for the next transaction. */
  let batch: Batch = { events: [], lists: [] }
  /** Whether the last transaction that added entries went through. */
  let written = true

  function drop(): void {
    db?.close()
    db = undefined
  }

  /**
   * Runs the work on the database. If it fails and the cause can be removed, runs it a second time.
   * @param create whether to create a missing database; if not, the work is skipped without a database
   */
  async function use<T>(create: boolean, work: (db: Database) => Promise<T>): Promise<T | undefined> {
    const attempt = async <R>(what: (db: Database) => Promise<R>): Promise<R | undefined> => {
      db ??= await connect(name, create, (erased) => {
        drop()
        if (erased) options.onErased()
      })
      return db && what(db)
    }
    try {
      return await attempt(work)
    } catch (error) {
      const { name } = error as Error
      if (name === 'QuotaExceededError') await attempt((db) => transact(db, STORES, deleteOldestQuarter))
      // InvalidStateError: closed by a version change or by the browser. AbortError: closed during the work.
      // UnknownError: WebKit's storage process has ended, which happens to pages in the background
      // (https://bugs.webkit.org/show_bug.cgi?id=277615).
      else if (/^(InvalidState|Abort|Unknown)Error$/.test(name)) drop()
      else throw error
      return attempt(work)
    }
  }

  /** Runs the work in a transaction that may write, on data of this grant only. */
  const change = <T>(create: boolean, work: (transaction: Transaction) => Promise<T>) =>
    use(create, (db) =>
      transact(db, STORES, async (transaction) => {
        await claim(transaction, options.grant, create)
        return work(transaction)
      }),
    )

  /**
   * Reads the entries that a revision leaves. A transaction that writes would wait for one that a page left open, so this
   * one only reads. What the revision changes is written afterwards, and nobody waits for that.
   * @param limits makes the revision, once for each run
   */
  function read<S extends 'events' | 'lists'>(
    store: S,
    limits: () => Revision<Schema[S]['value']>,
    begun?: () => void,
  ): Promise<Schema[S]['value'][]> {
    return queue(async () => {
      const found = await use(false, async (db) => {
        const transaction = db.transaction([store, 'grant'])
        // The record comes first, as soon as the transaction may begin.
        const record = transaction.objectStore('grant').get('record')
        if (begun) record.then(begun, () => {})
        const [grant, entries] = await Promise.all([record, transaction.objectStore(store).getAll()])
        return { entries, ours: grant === options.grant }
      })
      if (!found) return []
      const { entries, ours } = found
      const left = ours ? revised(entries, limits()) : []
      const same = ours && left.length === entries.length && left.every((entry, i) => entry === entries[i])
      if (!same) {
        const tidy = () => change(false, (transaction) => revise(transaction.objectStore(store), limits()))
        void queue(tidy).catch(() => {})
      }
      return left
    })
  }

  /** @param own entries of this call; later `add` calls may join them, until another kind of operation is queued */
  function queue<T>(work: () => Promise<T>, own: Batch = { events: [], lists: [] }): Promise<T> {
    batch = own
    const result = tail.then(work)
    tail = result.catch(() => {})
    return result
  }

  return {
    get kind() {
      return kind
    },
    add(events, lists = []) {
      const own = batch
      own.events.push(...events)
      own.lists.push(...lists)
      return queue(async () => {
        const [freshEvents, freshLists] = [own.events.splice(0), own.lists.splice(0)]
        if (kind === 'memory') return false
        // These entries were written by the earlier call that they joined.
        if (freshEvents.length + freshLists.length === 0) return written
        try {
          const done = await options.permit(() =>
            change(true, async (transaction) => {
              await addEvents(transaction, freshEvents)
              await putLists(transaction, freshLists)
              return true
            }),
          )
          written = done === true
        } catch (error) {
          written = false
          kind = 'memory'
          options.onTrouble(`Events are kept in memory only: ${error}`)
        }
        return written
      }, own)
    },
    events: async (retention, now, begun) => {
      const events = await read('events', () => within(retention, now), begun)
      return events.sort((a, b) => a.time - b.time)
    },
    lists: (retention, now) => read('lists', () => listsWithin(retention, now)),
    removeItem: (id) =>
      queue(async () => {
        if (!available()) return
        await change(false, async (transaction) => {
          await revise(transaction.objectStore('events'), withoutItem(id))
          await revise(transaction.objectStore('lists'), unlisted(id))
        })
      }),
    wipe: () =>
      queue(async () => {
        drop()
        await options.alone(() => eraseDiskLog(name))
      }),
    close: () => void queue(async () => drop()),
  }
}

/**
 * Deletes a log, whether it is open here or not. If another tab keeps it open, this resolves after a second: the entries are
 * gone at once, and the browser deletes the empty database when that tab wakes up or ends.
 * @throws if entries could not be erased
 */
export async function eraseDiskLog(name: string): Promise<void> {
  if (!available()) return
  const db = await connect(name, false, () => {})
  if (!db) return
  try {
    await transact(db, STORES, (transaction) =>
      Promise.all(STORES.map((store) => transaction.objectStore(store).clear())),
    )
  } finally {
    db.close()
  }
  await new Promise<void>((resolve, reject) => {
    deleteDB(name, { blocked: () => setTimeout(resolve, BLOCKED_MS) }).then(resolve, reject)
  })
}

/** False if the browser lacks IndexedDB or blocks it so that reading the property throws. Then nothing was ever stored. */
function available(): boolean {
  try {
    return Boolean(globalThis.indexedDB)
  } catch {
    return false
  }
}

/**
 * @param create whether to create a missing database
 * @param lost called when the connection is closed or must be; `erased`: because another tab deletes the database
 * @returns undefined if there is no database and none may be created
 */
async function connect(
  name: string,
  create: boolean,
  lost: (erased: boolean) => void,
): Promise<Database | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const opening = openDatabase<Schema>(name, VERSION, create, {
    upgrade(db, oldVersion) {
      if (oldVersion < 1) {
        db.createObjectStore('events', { autoIncrement: true }).createIndex('id', 'id', { unique: true })
      }
      const lists = db.createObjectStore('lists', { autoIncrement: true })
      lists.createIndex('requestId', 'requestId', { unique: true })
      db.createObjectStore('grant')
    },
    blocking: (_current, next) => lost(next === null),
    terminated: () => lost(false),
  })
  // Some releases of Safari never answer the first open (https://bugs.webkit.org/show_bug.cgi?id=226547), and no
  // browser answers while a deletion waits for a frozen tab.
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`IndexedDB did not open "${name}" within ${OPEN_MS} ms.`))
      opening.then((db) => db?.close()).catch(() => {})
    }, OPEN_MS)
  })
  try {
    return await Promise.race([opening, late])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Erases data that was stored under another grant.
 * @param take whether to mark the database as this grant's
 */
async function claim(transaction: Transaction, grant: string, take: boolean): Promise<void> {
  const record = transaction.objectStore('grant')
  const found = await record.get('record')
  if (found === grant) return
  await Promise.all(STORES.map((store) => transaction.objectStore(store).clear()))
  if (take) await record.put(grant, 'record')
}

async function addEvents(transaction: Transaction, events: readonly WireEvent[]): Promise<void> {
  const store = transaction.objectStore('events')
  const ids = store.index('id')
  for (const event of events) if ((await ids.getKey(event.id)) === undefined) await store.add(event)
}

async function putLists(transaction: Transaction, lists: readonly ShownList[]): Promise<void> {
  const store = transaction.objectStore('lists')
  const requests = store.index('requestId')
  for (const list of lists) {
    const key = await requests.getKey(list.requestId)
    await store.put(list, ...(key === undefined ? [] : [key]))
  }
}

/** The parts of an object store that `revise` needs. Its keys must be in order of arrival. */
interface Entries<T> {
  getAllKeys(): Promise<number[]>
  getAll(): Promise<T[]>
  put(value: T, key: number): Promise<unknown>
  delete(key: number): Promise<void>
}

/** Revises the entries, from the last that arrived to the first. Returns those that are left, in order of arrival. */
function revised<T>(entries: readonly T[], revision: Revision<T>): T[] {
  return [...entries]
    .reverse()
    .flatMap((entry) => revision(entry) ?? [])
    .reverse()
}

/** The same in the object store. */
async function revise<T>(store: Entries<T>, revision: Revision<T>): Promise<void> {
  const [keys, entries] = await Promise.all([store.getAllKeys(), store.getAll()])
  const requests: Promise<unknown>[] = []
  for (let i = entries.length - 1; i >= 0; i--) {
    const entry = revision(entries[i]!)
    if (!entry) requests.push(store.delete(keys[i]!))
    else if (entry !== entries[i]) requests.push(store.put(entry, keys[i]!))
  }
  await Promise.all(requests)
}

async function deleteOldestQuarter(transaction: Transaction): Promise<void> {
  const store = transaction.objectStore('events')
  const keys = await store.getAllKeys(null, Math.ceil((await store.count()) / 4))
  if (keys.length > 0) await store.delete(IDBKeyRange.upperBound(keys.at(-1)))
}
