/** What a driver must be able to do to run scenarios. Each file of this folder drives browsers in one way. */
import type { Acts, Stage, Tab } from '../scenario.js'

export interface Driver {
  /** A new visitor with empty storage. @param origin the shop's origin, for relative addresses */
  visit(origin: string): Promise<Visitor>
  close(): Promise<void>
}

export interface Visitor
  extends Pick<Stage<Acts>, 'requested' | 'openAlone' | 'offline' | 'quota' | 'clearDatabases'> {
  /** An empty tab. */
  open(): Promise<Tab<Acts>>
  close(): Promise<void>
}
