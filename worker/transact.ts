/** One IndexedDB transaction, as the event log and the pack store of last resort need it. */
import type { IDBPDatabase, IDBPTransaction, StoreNames } from 'idb'

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
