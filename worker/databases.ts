/** IndexedDB as the event log and the pack store of last resort need it: opened without creating, and one transaction. */
import { type IDBPDatabase, type IDBPTransaction, type OpenDBCallbacks, openDB, type StoreNames } from 'idb'

/**
 * Opens a database.
 * @param create whether to create it where there is none; else undefined comes back, and nothing is written
 * @param callbacks `upgrade` makes the object stores
 */
export async function openDatabase<Schema>(
  name: string,
  version: number,
  create: boolean,
  callbacks: OpenDBCallbacks<Schema>,
): Promise<IDBPDatabase<Schema> | undefined> {
  // Asked first, because WebKit keeps an empty database where opening a new one was aborted. Firefox has answered since 126.
  const all = create ? undefined : await indexedDB.databases?.()
  if (all && !all.some((database) => database.name === name)) return undefined
  let absent = false
  try {
    return await openDB<Schema>(name, version, {
      ...callbacks,
      upgrade(db, oldVersion, newVersion, transaction, event) {
        absent = oldVersion === 0 && !create
        if (!absent) return callbacks.upgrade?.(db, oldVersion, newVersion, transaction, event)
        // The browser takes back what opening has created.
        transaction.done.catch(() => {})
        transaction.abort()
      },
    })
  } catch (error) {
    if (absent) return undefined
    throw error
  }
}

/** Waits for the transaction first: its error says better why it failed than the errors of the requests in it. */
export async function transact<Schema, Names extends StoreNames<Schema>[], T>(
  db: IDBPDatabase<Schema>,
  names: Names,
  work: (transaction: IDBPTransaction<Schema, Names, 'readwrite'>) => Promise<T>,
): Promise<T> {
  const transaction = db.transaction(names, 'readwrite', { durability: 'relaxed' })
  const result = work(transaction)
  result.catch(() => {})
  await transaction.done
  return result
}
