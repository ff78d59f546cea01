/** One IndexedDB transaction on one object store, as the event log and the pack store of last resort need it. */
import type { IDBPDatabase, IDBPObjectStore, StoreNames } from 'idb'

/** Waits for the transaction first: why it failed is better told by it than by the requests that fell with it. */
export async function transact<Schema, Name extends StoreNames<Schema>, T>(
  db: IDBPDatabase<Schema>,
  name: Name,
  work: (store: IDBPObjectStore<Schema, [Name], Name, 'readwrite'>) => Promise<T>,
): Promise<T> {
  const { store, done } = db.transaction(name, 'readwrite', { durability: 'relaxed' })
  const result = work(store)
  result.catch(() => {})
  await done
  return result
}
