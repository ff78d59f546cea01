/** The engine as a worker: the only file that knows it is in one. */
import { expose } from 'comlink'
import { createEngine } from './engine.js'
import { eraseDiskLog, openDiskLog } from './feedback/store.js'
import { joinTabs } from './feedback/tabs.js'
import './listener.js'
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
)
