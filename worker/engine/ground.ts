/** The storage and other functions that the engine needs. `main.ts` passes the browser's; Node and tests pass their own. */
import type * as AskedPart from '../asked/part.js'
import type { EventLog } from '../feedback/log.js'
import type { DiskOptions } from '../feedback/store.js'
import type { TabMessage, Tabs } from '../feedback/tabs.js'
import type * as LivePart from '../live/part.js'
import type { Locks } from '../locks.js'
import type { StoreChain } from '../pack/store/open.js'
import type * as ShapePart from '../shape/part.js'

/** The parts of the engine, each in a file of its own, such as `live.js`. */
export interface Parts {
  asked: typeof AskedPart
  live: typeof LivePart
  shape: typeof ShapePart
}

export interface Ground {
  fetch: typeof fetch
  locks: Locks
  /** @throws if nothing can be kept on disk here */
  openLog(on: DiskOptions): EventLog | Promise<EventLog>
  openStore(): StoreChain
  /**
   * Deletes all events and packs that earlier pages have stored. It writes nothing while doing so.
   * @throws if events could not be deleted
   */
  eraseDisk(): Promise<void>
  /**
   * Loads a part of the engine that only some shops need.
   * @param url of its file; default: beside the worker's own file
   */
  loadPart<Name extends keyof Parts>(name: Name, url: string | undefined): Promise<Parts[Name]>
  openTabs(listen: (message: TabMessage) => void): Tabs
  now(): number
}
