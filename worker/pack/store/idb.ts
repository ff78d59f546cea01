/**
 * IndexedDB, where neither OPFS nor the Cache API works. The connection lives for one operation: nothing can be lost
 * with it, and no open connection keeps another tab from wiping the database.
 */
import { deleteDB, type IDBPDatabase, openDB } from 'idb'
import type { PackStore } from './store.js'

const FILES = 'files'

export function idbStore(place: string): PackStore {
  async function withDatabase<T>(work: (db: IDBPDatabase) => Promise<T>): Promise<T> {
    const db = await openDB(place, 1, { upgrade: (created) => void created.createObjectStore(FILES) })
    try {
      return await work(db)
    } finally {
      db.close()
    }
  }

  return {
    kind: 'indexeddb',
    read: (name) => withDatabase((db) => db.get(FILES, name)),
    write: (name, bytes) => withDatabase(async (db) => void (await db.put(FILES, bytes, name))),
    delete: (name) => withDatabase((db) => db.delete(FILES, name)),
    list: () => withDatabase(async (db) => (await db.getAllKeys(FILES)) as string[]),
    wipe: () => deleteDB(place),
  }
}
