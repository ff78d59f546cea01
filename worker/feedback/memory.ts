/** The log that lives and dies with the worker: before a grant, and where there is no IndexedDB. */
import type { WireEvent } from '../protocol.js'
import { byTime, DAY_MS, type EventLog, type Retention, settledTimes, withoutItem } from './log.js'

export class MemoryLog implements EventLog {
  readonly kind = 'memory'
  /** By event id, in order of arrival. */
  #events = new Map<string, WireEvent>()

  async add(events: readonly WireEvent[]): Promise<string[]> {
    const added: string[] = []
    for (const event of events) {
      if (this.#events.has(event.id)) continue
      this.#events.set(event.id, event)
      added.push(event.id)
    }
    return added
  }

  async all(): Promise<WireEvent[]> {
    return [...this.#events.values()].sort(byTime)
  }

  async count(): Promise<number> {
    return this.#events.size
  }

  async removeItem(id: string): Promise<void> {
    for (const event of this.#events.values()) {
      const rest = withoutItem(event, id)
      if (rest) this.#events.set(event.id, rest)
      else this.#events.delete(event.id)
    }
  }

  async prune({ days, events: most }: Retention, now: number): Promise<void> {
    const arrivals = [...this.#events.values()]
    const times = settledTimes(arrivals, now)
    for (const [i, event] of arrivals.entries()) {
      const time = times[i]!
      if (time < now - days * DAY_MS || i < arrivals.length - most) this.#events.delete(event.id)
      else if (time !== event.time) this.#events.set(event.id, { ...event, time })
    }
  }

  async wipe(): Promise<void> {
    this.#events.clear()
  }

  close(): void {}
}
