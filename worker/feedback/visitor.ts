/**
 * What this tab knows about the visitor: events and shown lists. They are always in memory, and also on disk while a grant
 * stands. Ranking reads the memory; the disk is for the next page.
 */
import type { ShownList, WireEvent } from '../protocol.js'
import { type EventLog, MOST_LISTS, type Retention, unlisted, withoutItem } from './log.js'

export interface Visitor {
  /** In the order of the log. The array is never changed; new knowledge makes a new array. */
  readonly events: readonly WireEvent[]
  /** The lists that were shown, oldest first. */
  readonly lists: readonly ShownList[]
  readonly kept: 'disk' | 'memory'
  /** Whether there is a log for what is added, even if it cannot store at the moment. */
  readonly keeping: boolean
  /** How many of the events are on the disk. */
  readonly stored: number
  /** Starts to keep everything: writes what is in memory to the log, and loads what is in the log. */
  keep(log: EventLog, now: number): Promise<void>
  /**
   * Adds events to memory at once.
   * @returns ids of the events that are on the disk now
   */
  add(events: readonly WireEvent[]): Promise<string[]>
  /** Adds lists. A list with a known `requestId` replaces the earlier one. */
  show(lists: readonly ShownList[]): Promise<void>
  /** Adds events that another tab has stored. */
  hear(events: readonly WireEvent[]): void
  /** Forgets one item or everything: in memory at once, then on the disk. */
  forget(item?: string): Promise<void>
  /** Removes from memory what is gone from the disk: one item or everything. */
  lose(item?: string): void
  /** Settles when everything that was added so far is on the disk, or was refused. */
  settled(): Promise<unknown>
  /** Stops keeping; what is in memory stays. */
  close(): void
}

export function createVisitor(retention: Retention): Visitor {
  let events: readonly WireEvent[] = []
  let lists: readonly ShownList[] = []
  /** Ids of all events that are or were in memory. An event that was dropped must not come back when it is sent again. */
  const seen = new Set<string>()
  const stored = new Set<string>()
  let log: EventLog | undefined
  let written: Promise<unknown> = Promise.resolve()

  function remember(more: readonly WireEvent[]): WireEvent[] {
    const fresh = more.filter(({ id }) => !seen.has(id) && seen.add(id))
    events = [...events, ...fresh]
    events = events.slice(Math.max(0, events.length - retention.events))
    return fresh
  }

  function rememberLists(more: readonly ShownList[]): void {
    const renewed = new Set(more.map(({ requestId }) => requestId))
    lists = [...lists.filter(({ requestId }) => !renewed.has(requestId)), ...more].slice(-MOST_LISTS)
  }

  function write(some: readonly WireEvent[], shown: readonly ShownList[] = []): Promise<void> {
    const done = async () => {
      if (!log || some.length + shown.length === 0) return
      if (await log.add(some, shown)) for (const { id } of some) stored.add(id)
    }
    const writing = done()
    written = Promise.all([written, writing.catch(() => {})])
    return writing
  }

  function lose(item?: string): void {
    if (item === undefined) {
      seen.clear()
      stored.clear()
    }
    events = item === undefined ? [] : events.flatMap((event) => withoutItem(item)(event) ?? [])
    lists = item === undefined ? [] : lists.map((list) => unlisted(item)(list)!)
  }

  return {
    get events() {
      return events
    },
    get lists() {
      return lists
    },
    get kept() {
      return log?.kind ?? 'memory'
    },
    get keeping() {
      return log !== undefined
    },
    get stored() {
      return events.reduce((count, { id }) => count + Number(stored.has(id)), 0)
    },
    async keep(opened, now) {
      const earlier = await opened.all(retention, now)
      const [early, shown] = [events, lists]
      lose()
      remember(earlier.events)
      rememberLists(earlier.lists)
      for (const { id } of earlier.events) stored.add(id)
      log = opened
      rememberLists(shown)
      await write(remember(early), shown)
    },
    async add(more) {
      await write(remember(more))
      return more.flatMap(({ id }) => (stored.has(id) ? id : []))
    },
    async show(more) {
      rememberLists(more)
      await write([], more)
    },
    hear(more) {
      for (const { id } of remember(more)) stored.add(id)
    },
    async forget(item) {
      lose(item)
      await (item === undefined ? log?.wipe() : log?.removeItem(item))
    },
    lose,
    settled: () => written,
    close() {
      log?.close()
      log = undefined
    },
  }
}
