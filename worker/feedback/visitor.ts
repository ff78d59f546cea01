/**
 * What this tab knows of the visitor: events in memory always, on disk besides while there is a grant. Memory is what
 * ranking reads; the disk is how the next page gets it back.
 */
import type { WireEvent } from '../protocol.js'
import { type EventLog, type Retention, withoutItem } from './log.js'

export interface Visitor {
  /** In the order of the log. Never changed in place: another list means other knowledge. */
  readonly events: readonly WireEvent[]
  readonly kept: 'disk' | 'memory'
  /** From now on events are kept: what memory holds is written, what the log holds is remembered. */
  keep(log: EventLog, now: number): Promise<void>
  /** Adds to memory at once and resolves when the disk has it too, where there is one. */
  add(events: readonly WireEvent[]): Promise<void>
  /** Events of another tab, which that tab has stored. */
  hear(events: readonly WireEvent[]): void
  /** Forgets one item or everything, in memory at once, and on disk. */
  forget(item?: string): Promise<void>
  /** What is on disk has been lost or erased elsewhere, one item or everything: memory loses it too. */
  lose(item?: string): void
  /** Stops keeping; what is in memory stays. */
  close(): void
}

export function createVisitor(retention: Retention): Visitor {
  let events: readonly WireEvent[] = []
  const seen = new Set<string>()
  let log: EventLog | undefined

  function remember(more: readonly WireEvent[]): WireEvent[] {
    const fresh = more.filter(({ id }) => !seen.has(id) && seen.add(id))
    // Ids of what is dropped stay in `seen`: a late replay must not bring it back.
    events = [...events, ...fresh]
    events = events.slice(Math.max(0, events.length - retention.events))
    return fresh
  }

  function lose(item?: string): void {
    if (item === undefined) seen.clear()
    events = item === undefined ? [] : events.flatMap((event) => withoutItem(item)(event) ?? [])
  }

  return {
    get events() {
      return events
    },
    get kept() {
      return log?.kind ?? 'memory'
    },
    async keep(opened, now) {
      const earlier = await opened.all(retention, now)
      const early = events
      lose()
      remember(earlier)
      log = opened
      const fresh = remember(early)
      if (fresh.length > 0) await log.add(fresh)
    },
    async add(more) {
      const fresh = remember(more)
      if (fresh.length > 0) await log?.add(fresh)
    },
    hear: remember,
    async forget(item) {
      lose(item)
      await (item === undefined ? log?.wipe() : log?.removeItem(item))
    },
    lose,
    close() {
      log?.close()
      log = undefined
    },
  }
}
