/**
 * What this tab knows of the visitor: events in memory always, on disk besides while there is a grant. Memory is what
 * ranking reads; the disk is how the next page gets it back.
 */
import type { WireEvent } from '../protocol.js'
import { currentSession, lessLike, profile } from './history.js'
import { type EventLog, type Retention, withoutItem } from './log.js'

export class Visitor {
  readonly #retention: Retention
  #events: WireEvent[] = []
  readonly #seen = new Set<string>()
  #log: EventLog | undefined

  constructor(retention: Retention) {
    this.#retention = retention
  }

  get size(): number {
    return this.#events.length
  }

  get kept(): 'disk' | 'memory' {
    return this.#log?.kind ?? 'memory'
  }

  /** Events on disk; in memory before a grant. */
  async stored(): Promise<number> {
    return this.#log ? this.#log.count() : 0
  }

  /** From now on events are kept: what memory holds is written, what the log holds is remembered. */
  async keep(log: EventLog, now: number): Promise<void> {
    await log.prune(this.#retention, now)
    const early = this.#events
    const earlier = await log.all()
    this.#events = []
    this.#seen.clear()
    this.#remember(earlier)
    this.#remember(early)
    this.#log = log
    if (early.length > 0) await log.add(early)
  }

  /** Adds to memory at once and resolves when the disk has it too, where there is one. */
  async add(events: readonly WireEvent[]): Promise<void> {
    const fresh = this.#remember(events)
    if (fresh.length > 0) await this.#log?.add(fresh)
  }

  /** Events of another tab, which that tab has stored. */
  hear(events: readonly WireEvent[]): void {
    this.#remember(events)
  }

  all(): readonly WireEvent[] {
    return this.#events
  }

  session(now: number) {
    return currentSession(this.#events, now)
  }

  interests(now: number) {
    return profile(this.#events, now)
  }

  unwanted(): Set<string> {
    return lessLike(this.#events)
  }

  /** Forgets one item, in memory at once. */
  async forgetItem(id: string): Promise<void> {
    this.loseItem(id)
    await this.#log?.removeItem(id)
  }

  /** Another tab has removed the item from disk. */
  loseItem(id: string): void {
    this.#events = this.#events.flatMap((event) => withoutItem(event, id) ?? [])
  }

  /** Forgets everything, in memory at once, and deletes what is on disk. */
  async erase(): Promise<void> {
    this.lose()
    await this.#log?.wipe()
  }

  /** The disk is lost or erased elsewhere: memory too starts anew. */
  lose(): void {
    this.#events = []
    this.#seen.clear()
  }

  /** Stops keeping; what is in memory stays. */
  close(): void {
    this.#log?.close()
    this.#log = undefined
  }

  #remember(events: readonly WireEvent[]): WireEvent[] {
    const fresh = events.filter(({ id }) => {
      if (this.#seen.has(id)) return false
      this.#seen.add(id)
      return true
    })
    this.#events.push(...fresh)
    const surplus = this.#events.length - this.#retention.events
    // Ids of what is dropped stay in `seen`: a late replay must not bring it back.
    if (surplus > 0) this.#events.splice(0, surplus)
    return fresh
  }
}
