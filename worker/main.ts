/** The engine as a worker: the only file that knows it is in one. */
import { createEngine } from './engine.js'
import { expose } from './expose.js'
import { eraseDiskLog, openDiskLog } from './feedback/store.js'
import { joinTabs } from './feedback/tabs.js'
import { openStore, wipeStores } from './pack/store/open.js'

const NAME = 'nearside'

expose(
  createEngine({
    fetch: (...args) => fetch(...args),
    openLog: (options) => openDiskLog(NAME, options),
    openStore,
    async eraseDisk() {
      await Promise.allSettled([eraseDiskLog(NAME), wipeStores()])
    },
    openTabs: (listen) => joinTabs(NAME, listen),
    now: Date.now,
  }),
  globalThis,
)
