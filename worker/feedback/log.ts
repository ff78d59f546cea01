/**
 * What the device keeps about the visitor between pages: events, and the lists that were shown. It is kept in IndexedDB
 * (`store.ts`), and only under a grant. `visitor.ts` holds what is known in memory, and `history.ts` interprets it.
 */
import type { ShownList, WireEvent } from '../protocol.js'

export interface Retention {
  days: number
  /** The most events that are kept; the oldest are deleted first. */
  events: number
}

/** The most shown lists that are kept; the oldest are deleted first. */
export const MOST_LISTS = 200

export interface EventLog {
  /** `disk` changes to `memory` if the disk takes no more. From then on nothing new is kept for the next page. */
  readonly kind: 'memory' | 'disk'
  /**
   * Adds events and lists. A second event of the same id is ignored; a second list of the same request replaces the first.
   * @returns whether they are on the disk now; false if the grant no longer stands or the disk takes no more
   */
  add(events: readonly WireEvent[], lists?: readonly ShownList[]): Promise<boolean>
  /**
   * Returns the events, oldest first: by time, then by order of arrival. Those beyond `retention` are left out and deleted;
   * times from a fast clock are corrected.
   * @param begun called when the disk has answered and the events are being read, which may take a while where they are many
   */
  events(retention: Retention, now: number, begun?: () => void): Promise<WireEvent[]>
  /** Returns the lists in order of arrival. Those beyond `retention` are left out and deleted. */
  lists(retention: Retention, now: number): Promise<ShownList[]>
  /** Removes one item. An event of several items, or a list, loses only that item. */
  removeItem(id: string): Promise<void>
  /** Removes everything, the database too. The log can be used again afterwards. */
  wipe(): Promise<void>
  /** Finishes the operations that were started, and closes the database. */
  close(): void
}

/** Returns the new form of an entry of the log, or undefined to delete it. */
export type Revision<T> = (entry: T) => T | undefined

export const DAY_MS = 86_400_000

/** Removes one item from an event. An event that says nothing else is deleted. */
export function withoutItem(id: string): Revision<WireEvent> {
  return (event) => {
    const items = event.items.filter((item) => item.item_id !== id)
    if (items.length === event.items.length) return event
    return items.length > 0 || event.prefer ? { ...event, items } : undefined
  }
}

/** Removes one item from a list. The other items keep their positions. */
export function unlisted(id: string): Revision<ShownList> {
  return (list) =>
    list.ids.includes(id) ? { ...list, ids: list.ids.map((other) => (other === id ? '' : other)) } : list
}

/**
 * Applies the retention. It must get the events from the last that arrived to the first. If an event's time is after `now`,
 * the clock was fast then and has been corrected since. The event happened before the one that arrived next, so it gets the
 * time of that one.
 */
export function within({ days, events }: Retention, now: number): Revision<WireEvent> {
  let next = now
  let room = events
  return (event) => {
    if (event.time <= now) next = event.time
    if (next < now - days * DAY_MS || room-- <= 0) return undefined
    return next === event.time ? event : { ...event, time: next }
  }
}

/** The same for lists. */
export function listsWithin({ days }: Retention, now: number): Revision<ShownList> {
  let room = MOST_LISTS
  return (list) => (list.time < now - days * DAY_MS || room-- <= 0 ? undefined : list)
}
