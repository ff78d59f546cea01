/** The engine as a worker: the only file that knows it is in one. */
import { expose } from 'comlink'
import { createEngine } from './engine.js'
import { eraseDiskLog, openDiskLog } from './feedback/store.js'
import { joinTabs } from './feedback/tabs.js'
import { webLocks } from './locks.js'
import { openStore, wipeStores } from './pack/store/open.js'
import { loadPart } from './parts.js'

const NAME = 'nearside'

expose(
  createEngine({
    fetch: (...args) => fetch(...args),
    locks: webLocks(NAME),
    openLog: (options) => openDiskLog(NAME, options),
    openStore,
    async eraseDisk() {
      const [events] = await Promise.allSettled([eraseDiskLog(NAME), wipeStores()])
      if (events.status === 'rejected') throw events.reason
    },
    loadPart,
    openTabs: (listen) => joinTabs(NAME, listen),
    now: Date.now,
  }),
)
