/** When the visitor last looked at each item, and last bought it. Worked out once for each state of the log. */
import type { WireEvent } from '../protocol.js'
import { isStep } from './signals.js'

export interface Last {
  /** Unix milliseconds by item id: the latest event that shows at least as much interest as a view. */
  seen: ReadonlyMap<string, number>
  /** The same for purchases. What was returned since is not in it. */
  bought: ReadonlyMap<string, number>
}

/** By the array of events, which is never changed; new events make a new one. */
const known = new WeakMap<readonly WireEvent[], Last>()

export function lastOf(events: readonly WireEvent[]): Last {
  let last = known.get(events)
  if (!last) {
    last = read(events)
    known.set(events, last)
  }
  return last
}

function read(events: readonly WireEvent[]): Last {
  const seen = new Map<string, number>()
  const bought = new Map<string, number>()
  for (const { name, items, time } of events) {
    for (const { item_id: id } of items) {
      if (isStep(name)) seen.set(id, time)
      if (name === 'purchase') bought.set(id, time)
      else if (name === 'refund') bought.delete(id)
    }
  }
  return { seen, bought }
}
