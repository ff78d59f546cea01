/**
 * What this tab knows about the visitor: events and shown lists. They are always in memory, and also on disk while a grant
 * stands. Ranking reads the memory; the disk is for the next page.
 */
import type { ShownList, WireEvent } from '../protocol.js'
import { type EventLog, MOST_LISTS, type Retention, unlisted, withoutItem } from './log.js'
import { joined, namesList } from './shown.js'

export interface Visitor {
  /** In the order of the log. The array is never changed; new knowledge makes a new array. */
  readonly events: readonly WireEvent[]
  /** The lists that were shown, oldest first; those of earlier pages after `recall`. */
  readonly lists: readonly ShownList[]
  readonly kept: 'disk' | 'memory'
  /** Whether there is a log for what is added, even if it cannot store at the moment. */
  readonly keeping: boolean
  /** How many of the events are on the disk. */
  readonly stored: number
  /** Whether an event is on the disk. */
  isStored(id: string): boolean
  /**
   * Starts to keep everything. Resolves when the events of the log are in memory, before those that were added here.
   * @param begun called when these events are being read
   */
  keep(log: EventLog, now: number, begun?: () => void): Promise<void>
  /** Adds events to memory at once, and starts to write them. Each gets the list that it belongs to. */
  add(events: readonly WireEvent[]): void
  /** Adds lists to memory at once, and writes them soon. A list with a known `requestId` replaces the earlier one. */
  show(lists: readonly ShownList[]): void
  /**
   * Reads the lists that earlier pages have shown into memory, the first time. They may be many, and no answer needs them;
   * so they are read only when something does.
   */
  recall(): Promise<void>
  /** Adds events that another tab has stored. */
  hear(events: readonly WireEvent[]): void
  /** Forgets one item or everything: in memory at once, then on the disk. */
  forget(item?: string): Promise<void>
  /** Removes from memory what is gone from the disk: one item or everything. */
  lose(item?: string): void
  /** Writes what is not on the disk yet. Settles when it is there, or was refused. */
  settled(): Promise<unknown>
  /** Stops keeping; what is in memory stays. */
  close(): void
}

/** Lists wait this long for others, and for events, to be written with them. So writing them delays no answer. */
const LISTS_MS = 250

export function createVisitor(retention: Retention): Visitor {
  let events: readonly WireEvent[] = []
  let lists: readonly ShownList[] = []
  /** Ids of all events that are or were in memory. An event that was dropped must not come back when it is sent again. */
  const seen = new Set<string>()
  /** Ids of the events, and requests of the lists, that are on the disk. */
  const stored = new Set<string>()
  let log: EventLog | undefined
  /** Reads the lists of the log into memory, the first time. */
  let recall = async () => {}
  let written: Promise<unknown> = Promise.resolve()
  let timer: ReturnType<typeof setTimeout> | undefined
  let losses = 0

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

  /** Reads from the log; again, if something was lost meanwhile. */
  async function read<T>(from: () => Promise<T>): Promise<T> {
    const before = losses
    const found = await from()
    return before === losses ? found : read(from)
  }

  /** Reads the lists that earlier pages have shown. */
  async function list(from: EventLog, now: number): Promise<void> {
    const earlier = await read(() => from.lists(retention, now)).catch(() => [])
    if (from !== log) return
    const own = lists
    lists = []
    rememberLists([...earlier, ...own])
    for (const { requestId } of earlier) stored.add(requestId)
    for (const { requestId } of own) stored.delete(requestId)
    events = events.map((event) => (stored.has(event.id) ? event : joined(event, lists)))
  }

  /** Writes all that is not on the disk. One write runs at a time, so nothing is written twice. */
  function write(): void {
    clearTimeout(timer)
    timer = undefined
    written = written.then(store)
  }

  async function store(): Promise<void> {
    const newEvents = () => events.filter(({ id }) => !stored.has(id))
    const newLists = () => lists.filter(({ requestId }) => !stored.has(requestId))
    // Events may belong to a list of an earlier page. And the oldest lists are deleted only where they are read.
    if (newLists().length > 0 || newEvents().some(namesList)) await recall()
    const [someEvents, someLists] = [newEvents(), newLists()]
    if (!log || someEvents.length + someLists.length === 0) return
    // Noted first, because a list may change while it is written.
    for (const { requestId } of someLists) stored.add(requestId)
    if (await log.add(someEvents, someLists)) for (const { id } of someEvents) stored.add(id)
    else for (const { requestId } of someLists) stored.delete(requestId)
  }

  function lose(item?: string): void {
    losses++
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
    isStored: (id) => stored.has(id),
    async keep(opened, now, begun) {
      const earlier = await read(() => opened.events(retention, now, begun))
      const early = events
      events = []
      seen.clear()
      stored.clear()
      remember(earlier)
      remember(early)
      for (const { id } of earlier) stored.add(id)
      log = opened
      let reading: Promise<void> | undefined
      recall = () => {
        reading ??= list(opened, now)
        return reading
      }
      write()
    },
    add(more) {
      remember(more.map((event) => joined(event, lists)))
      write()
    },
    show(more) {
      rememberLists(more)
      for (const { requestId } of more) stored.delete(requestId)
      timer ??= setTimeout(write, LISTS_MS)
    },
    recall: () => recall(),
    hear(more) {
      for (const { id } of remember(more)) stored.add(id)
    },
    async forget(item) {
      lose(item)
      await (item === undefined ? log?.wipe() : log?.removeItem(item))
    },
    lose,
    settled() {
      write()
      return written
    },
    close() {
      log?.close()
      log = undefined
      recall = async () => {}
    },
  }
}
