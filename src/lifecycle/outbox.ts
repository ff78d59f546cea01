/**
 * Events on their way to the worker's storage. Until the worker acknowledges one, a navigation may end the page with the
 * event in flight. So, under a grant, what is unacknowledged when the page hides is written to localStorage, synchronously,
 * and the next page sends it again. The worker stores each event id once, which makes that exactly once.
 *
 * A page's box is `nearside:outbox:<page id>`. A later page takes the events over into its own box before it removes that
 * one. Where two pages do so at once the events come twice, and count once.
 */
import type { WireEvent } from '../../worker/protocol.js'
import { local } from './local.js'
import { fromText, toText } from './outbox-text.js'

const PREFIX = 'nearside:outbox:'

/** Of one box; the newest events win. localStorage is small, shared with the shop, and synchronous. */
const MAX_EVENTS = 100
const MAX_CHARACTERS = 20_000
/** Of memory: before a grant nothing is acknowledged as stored. */
const MAX_WAITING = 500

export interface Outbox {
  add(event: WireEvent): void
  /** Events that were not yet handed to the worker, oldest first. They wait here until acknowledged. */
  take(): WireEvent[]
  /** The worker is a new one, or may store from now on: hand out everything again that is unacknowledged. */
  rewind(): void
  acknowledge(ids: readonly string[]): void
  /** Takes over what earlier pages left. An event may come twice; the worker tells by its id. */
  recover(): void
  /** Writes what is waiting; removes the box when nothing is. */
  save(): boolean
  /** What lies in boxes of this and other pages. */
  stored(): WireEvent[]
  /** Removes every box, those of other pages too. What is waiting in memory stays. */
  unsave(): void
  /** Forgets everything, or what concerns one item, in memory and in every box. */
  clear(item?: string): void
}

export function outbox(pageId: string): Outbox {
  const own = PREFIX + pageId
  let waiting: WireEvent[] = []
  const handed = new Set<string>()
  let saved = false

  /** @returns whether everything that should be kept is */
  const save = (): boolean => {
    let kept = waiting.slice(-MAX_EVENTS)
    while (toText(kept).length > MAX_CHARACTERS) kept = kept.slice(Math.ceil(kept.length / 2))
    if (saved && kept.length === 0) local.remove(own)
    saved = kept.length > 0 && local.set(own, toText(kept))
    return saved
  }

  const unsave = () => {
    for (const box of local.keys(PREFIX)) local.remove(box)
    saved = false
  }

  return {
    add(event) {
      waiting.push(event)
      if (waiting.length > MAX_WAITING) waiting.shift()
    },

    take: () => waiting.filter(({ id }) => !handed.has(id) && handed.add(id)),

    rewind: () => handed.clear(),

    acknowledge(ids) {
      waiting = waiting.filter(({ id }) => !ids.includes(id))
      for (const id of ids) handed.delete(id)
      if (waiting.length === 0) save()
    },

    recover() {
      // A box that cannot be read may be another version's: it stays.
      const boxes = local.keys(PREFIX).filter((box) => box !== own && fromText(local.get(box)))
      if (boxes.length === 0) return
      waiting = [...boxes.flatMap((box) => fromText(local.get(box))!), ...waiting]
      if (save()) for (const box of boxes) local.remove(box)
    },

    save,

    stored: () => local.keys(PREFIX).flatMap((box) => fromText(local.get(box)) ?? []),

    unsave,

    clear(item) {
      // What earlier pages left comes in first, so that one box, our own, can hold what remains.
      if (item !== undefined) this.recover()
      waiting = waiting.flatMap((event) => (item === undefined ? [] : without(event, item)))
      unsave()
    },
  }
}

function without(event: WireEvent, item: string): WireEvent[] {
  const items = event.items.filter((other) => other.item_id !== item)
  // A search is about no item.
  return items.length > 0 || event.items.length === 0 ? [{ ...event, items }] : []
}
