/**
 * What the device keeps of the visitor between pages: events, and the lists that were shown. It is kept in IndexedDB
 * (`store.ts`), and only under a grant. `visitor.ts` holds what is known now, and `history.ts` reads it.
 */
import type { ShownList, WireEvent } from '../protocol.js'

export interface Retention {
  days: number
  /** At most so many events; the oldest go first. */
  events: number
}

/** Shown lists that are kept at most; the oldest go first. */
export const MOST_LISTS = 200

/** What a log holds. */
export interface Kept {
  /** Oldest first: by time, then by order of arrival. */
  events: WireEvent[]
  lists: ShownList[]
}

export interface EventLog {
  /** `disk` turns to `memory` when the disk refuses to take more: from then on nothing new is kept for the next page. */
  readonly kind: 'memory' | 'disk'
  /**
   * Adds events and lists. A second event of the same id is ignored; a second list of the same request replaces the first.
   * @returns whether they are on the disk now; not so when the grant no longer stands or the disk takes no more
   */
  add(events: readonly WireEvent[], lists?: readonly ShownList[]): Promise<boolean>
  /**
   * Everything. What is beyond `retention` is deleted on the way, and times that a fast clock had stamped are corrected.
   */
  all(retention: Retention, now: number): Promise<Kept>
  /** Removes what concerns one item: an event of several items, or a list, loses just that item. */
  removeItem(id: string): Promise<void>
  /** Removes everything, the database too. The log can be used again afterwards. */
  wipe(): Promise<void>
  /** Finishes what has been asked for and lets go of the database. */
  close(): void
}

/** What a pass over the log makes of an entry; undefined deletes it. */
export type Revision<T> = (entry: T) => T | undefined

export const DAY_MS = 86_400_000

/** Takes one item out of an event. An event that has no other item is deleted. */
export function withoutItem(id: string): Revision<WireEvent> {
  return (event) => {
    const items = event.items.filter((item) => item.item_id !== id)
    if (items.length === event.items.length) return event
    return items.length > 0 ? { ...event, items } : undefined
  }
}

/** Takes one item out of a list; the others keep their positions. */
export function unlisted(id: string): Revision<ShownList> {
  return (list) =>
    list.ids.includes(id) ? { ...list, ids: list.ids.map((other) => (other === id ? '' : other)) } : list
}

/**
 * Keeps to the retention; takes events from the last that arrived to the first. No event may lie after `now`: the clock
 * was fast when such an event was stamped and has been corrected since. The event happened before the one that arrived
 * next, so it takes that one's time.
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
