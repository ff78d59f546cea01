/** What the engine stands on. `main.ts` gives it the browser's; Node and tests give their own. */
import type { EventLog } from '../feedback/log.js'
import type { DiskOptions } from '../feedback/store.js'
import type { TabMessage, Tabs } from '../feedback/tabs.js'
import type { Locks } from '../locks.js'
import type { StoreChain } from '../pack/store/open.js'

export interface Ground {
  fetch: typeof fetch
  locks: Locks
  /** @throws when nothing can be kept on disk here */
  openLog(on: DiskOptions): EventLog | Promise<EventLog>
  openStore(): StoreChain
  /**
   * Deletes what any earlier page has stored, events and packs, and writes nothing on the way.
   * @throws when events could not be deleted
   */
  eraseDisk(): Promise<void>
  openTabs(listen: (message: TabMessage) => void): Tabs
  now(): number
}
