/**
 * Events on their way to the worker's storage. A navigation may end the page before the worker has acknowledged an event.
 * So, under a grant, unacknowledged events are written to localStorage when the page is hidden. This is synchronous, so it
 * always completes. The next page sends the events again. The worker stores each event id once, so each event counts once.
 *
 * A page's box is `nearside:outbox:<page id>`. A later page first copies the events into its own box and then removes the
 * old one. If two pages do this at once, the events come twice and still count once.
 */
import type { PageEvent } from '../../worker/protocol.js'
import { local } from './local.js'
import { fromText, toText } from './outbox-text.js'

const PREFIX = 'nearside:outbox:'

/** Limit of one box, for about 150 events; the newest are kept. localStorage is small, shared with the shop, and synchronous. */
const MAX_CHARACTERS = 20_000
/** Limit in memory. Before a grant no event is acknowledged as stored, so they all wait here. */
const MAX_WAITING = 500

export interface Outbox {
  add(event: PageEvent): void
  /** Returns the events that were not yet given to the worker, oldest first. They stay here until acknowledged. */
  take(): PageEvent[]
  /** Makes `take` return all unacknowledged events again: the worker is new, or may store from now on. */
  rewind(): void
  acknowledge(ids: readonly string[]): void
  /** Takes over the events that earlier pages left. An event may come twice; the worker recognises it by its id. */
  recover(): void
  /** Writes the waiting events to the box, or removes the box if there are none. */
  save(): boolean
  /** The events in the boxes of this page and of others. */
  stored(): PageEvent[]
  /** Removes every box, also those of other pages. Events in memory stay. */
  unsave(): void
  /** Forgets everything, or what concerns one item, in memory and in every box. */
  clear(item?: string): void
}

export function outbox(pageId: string): Outbox {
  const own = PREFIX + pageId
  let waiting: PageEvent[] = []
  const handed = new Set<string>()

  /** @returns whether everything that should be kept is kept */
  const save = (): boolean => {
    let kept = waiting
    while (toText(kept).length > MAX_CHARACTERS) kept = kept.slice(Math.ceil(kept.length / 2))
    if (kept.length > 0) return local.set(own, toText(kept))
    local.remove(own)
    return false
  }

  const unsave = () => {
    for (const box of local.keys(PREFIX)) local.remove(box)
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
      for (const box of local.keys(PREFIX)) {
        const events = box !== own && fromText(local.get(box))
        // A box that cannot be read may belong to another version, so it stays.
        if (!events) continue
        waiting = [...events, ...waiting]
        if (save()) local.remove(box)
      }
    },

    save,

    stored: () => local.keys(PREFIX).flatMap((box) => fromText(local.get(box)) ?? []),

    unsave,

    clear(item) {
      // First take over what earlier pages left. Then our own box can hold all that remains.
      if (item !== undefined) this.recover()
      waiting = waiting.flatMap((event) => (item === undefined ? [] : without(event, item)))
      unsave()
    },
  }
}

function without(event: PageEvent, item: string): PageEvent[] {
  const items = event.items.filter((other) => other.item_id !== item)
  // A search has no items from the beginning, and preferences say more than their items, so both stay.
  const stays = items.length > 0 || event.items.length === 0 || event.name === 'prefer'
  return stays ? [{ ...event, items }] : []
}
