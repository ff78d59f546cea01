/**
 * What the device remembers of the visitor: a log of events, in memory (`memory.ts`) until there is a grant, and in
 * IndexedDB (`store.ts`) under one. Both keep to this interface, and `history.ts` reads what they return.
 */
import type { WireEvent } from '../protocol.js'

export interface Retention {
  days: number
  /** At most so many events; the oldest go first. */
  events: number
}

export interface EventLog {
  /** `disk` turns to `memory` when the disk refuses to take more. */
  readonly kind: 'memory' | 'disk'
  /**
   * Adds events; a second event of the same id is ignored. Resolves with the ids newly added, when they are as
   * durable as the log is: on disk, when the transaction is complete.
   */
  add(events: readonly WireEvent[]): Promise<string[]>
  /** All events, oldest first (time, then order of arrival). */
  all(): Promise<WireEvent[]>
  count(): Promise<number>
  /** Removes events of one item; an event of several items loses just that item. */
  removeItem(id: string): Promise<void>
  /**
   * Deletes events beyond `retention` and sets right the times that a clock running ahead had stamped. Touches only
   * what it removes or corrects, so it may follow every batch; call it at boot before `all`.
   */
  prune(retention: Retention, now: number): Promise<void>
  /** Removes everything, the database too. The log can be used again afterwards. */
  wipe(): Promise<void>
  /** Finishes what has been asked for and lets go of the database. */
  close(): void
}

export const DAY_MS = 86_400_000

export const byTime = (a: WireEvent, b: WireEvent): number => a.time - b.time

/** The event less one of its items: itself when it has no such item, undefined when no item is left. */
export function withoutItem(event: WireEvent, id: string): WireEvent | undefined {
  const items = event.items.filter((item) => item.item_id !== id)
  if (items.length === event.items.length) return event
  return items.length === 0 ? undefined : { ...event, items }
}

/**
 * Times of events in their order of arrival, where none may lie after `now`: the clock ran ahead when such an event
 * was stamped and has been set right since. It happened before whatever arrived next, so it takes that time.
 */
export function settledTimes(arrivals: readonly WireEvent[], now: number): number[] {
  const times = arrivals.map((event) => event.time)
  let next = now
  for (let i = times.length - 1; i >= 0; i--) {
    if (times[i]! > now) times[i] = next
    next = times[i]!
  }
  return times
}
