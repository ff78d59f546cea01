/**
 * IndexedDB, for browsers where neither OPFS nor the Cache API works. Every operation opens its own connection and closes
 * it, because an open connection would keep another tab from deleting the database.
 */
import { type DBSchema, deleteDB, type IDBPObjectStore } from 'idb'
import { openDatabase, transact } from '../../databases.js'
import type { Place } from './store.js'

interface Schema extends DBSchema {
  files: { key: string; value: Uint8Array }
}

type Files = IDBPObjectStore<Schema, 'files'[], 'files', 'readwrite'>

export function idbStore(place: string): Place {
  async function inside<T>(work: (files: Files) => Promise<T>, create = false): Promise<T | undefined> {
    const db = await openDatabase<Schema>(place, 1, create, {
      upgrade: (created) => void created.createObjectStore('files'),
    })
    try {
      return db && (await transact(db, ['files'], (transaction) => work(transaction.objectStore('files'))))
    } finally {
      db?.close()
    }
  }

  return {
    kind: 'indexeddb',
    read: (name) => inside((files) => files.get(name)),
    write: (name, bytes) => inside(async (files) => void (await files.put(bytes, name)), true),
    delete: (name) => inside((files) => files.delete(name)),
    list: async () => (await inside((files) => files.getAllKeys())) ?? [],
    wipe: async () => {
      const found = (await inside((files) => files.count())) !== undefined
      await deleteDB(place)
      return found
    },
  }
}
