/**
 * IndexedDB, where neither OPFS nor the Cache API works. Every operation opens a connection of its own and closes it, so
 * that no open connection stops another tab from deleting the database.
 */
import { deleteDB, type IDBPObjectStore, openDB } from 'idb'
import { transact } from '../../transact.js'
import type { Place } from './store.js'

const FILES = 'files'

type Files = IDBPObjectStore<unknown, ['files'], 'files', 'readwrite'>

export function idbStore(place: string): Place {
  async function inside<T>(work: (files: Files) => Promise<T>): Promise<T> {
    const db = await openDB(place, 1, { upgrade: (created) => void created.createObjectStore(FILES) })
    try {
      return await transact(db, FILES, work)
    } finally {
      db.close()
    }
  }

  return {
    kind: 'indexeddb',
    read: (name) => inside((files) => files.get(name)),
    write: (name, bytes) => inside(async (files) => void (await files.put(bytes, name))),
    delete: (name) => inside((files) => files.delete(name)),
    list: () => inside(async (files) => (await files.getAllKeys()) as string[]),
    wipe: async () => deleteDB(place),
  }
}
