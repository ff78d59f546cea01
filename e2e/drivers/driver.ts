/** What a browser must be able to do to run scenarios: one file of this folder for each way to drive one. */
import type { Acts, Stage, Tab } from '../scenario.js'

export interface Driver {
  /** A visitor without a past. @param origin the shop's, which relative addresses are of */
  visit(origin: string): Promise<Visitor>
  close(): Promise<void>
}

export interface Visitor
  extends Pick<Stage<Acts>, 'requested' | 'openAlone' | 'offline' | 'quota' | 'clearDatabases'> {
  /** A tab with nothing in it. */
  open(): Promise<Tab<Acts>>
  close(): Promise<void>
}
