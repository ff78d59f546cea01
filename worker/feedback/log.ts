/**
 * What the device keeps of the visitor between pages: a log of events, in IndexedDB (`store.ts`), and only under a
 * grant. `visitor.ts` holds what is known now, and `history.ts` reads it.
 */
import type { WireEvent } from '../protocol.js'

export interface Retention {
  days: number
  /** At most so many events; the oldest go first. */
  events: number
}

export interface EventLog {
  /** `disk` turns to `memory` when the disk refuses to take more: nothing new is kept for the next page then. */
  readonly kind: 'memory' | 'disk'
  /** Adds events, as durably as the log can when it resolves; a second event of the same id is ignored. */
  add(events: readonly WireEvent[]): Promise<void>
  /**
   * All events, oldest first (time, then order of arrival). What is beyond `retention` is deleted on the way, and
   * times that a clock running ahead had stamped are set right.
   */
  all(retention: Retention, now: number): Promise<WireEvent[]>
  /** Removes events of one item; an event of several items loses just that item. */
  removeItem(id: string): Promise<void>
  /** Removes everything, the database too. The log can be used again afterwards. */
  wipe(): Promise<void>
  /** Finishes what has been asked for and lets go of the database. */
  close(): void
}

/** What a pass over the log makes of an event; undefined deletes it. */
export type Revision = (event: WireEvent) => WireEvent | undefined

export const DAY_MS = 86_400_000

/** Takes one item out of an event, and an event that has no other out of the log. */
export function withoutItem(id: string): Revision {
  return (event) => {
    const items = event.items.filter((item) => item.item_id !== id)
    if (items.length === event.items.length) return event
    return items.length > 0 ? { ...event, items } : undefined
  }
}

/**
 * Keeps to the retention; takes events from the last that arrived to the first. None may lie after `now`: the clock
 * ran ahead when such an event was stamped and has been set right since. It happened before whatever arrived next, so
 * it takes that time.
 */
export function within({ days, events }: Retention, now: number): Revision {
  let next = now
  let room = events
  return (event) => {
    if (event.time <= now) next = event.time
    if (next < now - days * DAY_MS || room-- <= 0) return undefined
    return next === event.time ? event : { ...event, time: next }
  }
}
