/**
 * Messages between the workers of a shop's tabs. They are needed, because IndexedDB is shared but does not report changes,
 * and before a grant nothing is shared at all. Still, a denial must reach every tab at once.
 */
import type { WireEvent } from '../protocol.js'
import { validateEvents } from './validate.js'

export type TabMessage =
  /** The visitor has denied: forget everything, learn nothing. `grant`: record of the grant that was withdrawn. */
  | { type: 'denied'; grant?: string | undefined }
  /** What was stored has been erased, or one item of it. */
  | { type: 'forgotten'; item?: string | undefined }
  /** Events that another tab has stored. They belong to the same visit. */
  | { type: 'events'; events: WireEvent[] }

export interface Tabs {
  /** Sends to every other tab, not to this one. */
  send(message: TabMessage): void
  close(): void
}

/**
 * Joins the other tabs. Without BroadcastChannel each tab works alone.
 * @param database name of the event log's database: tabs that share it hear each other
 */
export function joinTabs(database: string, listener: (message: TabMessage) => void): Tabs {
  if (typeof BroadcastChannel === 'undefined') return { send() {}, close() {} }
  const channel = new BroadcastChannel(`${database}:tabs`)
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    // Any script of the shop's origin can send on this channel, also another version of nearside. So messages are checked.
    const { type, item, events, grant } = Object(data)
    const textOrNone = (value: unknown) => /^(string|undefined)$/.test(typeof value)
    if (type === 'denied' && textOrNone(grant)) listener({ type, grant })
    else if (type === 'events') listener({ type, events: validateEvents(events).events })
    else if (type === 'forgotten' && textOrNone(item)) listener({ type, item })
  }
  return {
    send: (message) => channel.postMessage(message),
    close: () => channel.close(),
  }
}
