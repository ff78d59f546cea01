/** What is in the visitor's basket, as far as this visit tells. A pure function of the events. */
import type { WireEvent } from '../protocol.js'
import { visitStart } from './history.js'

/** Ids of the items that were put in the basket in this visit and neither taken out again nor bought. */
export function basketOf(events: readonly WireEvent[], now: number): string[] {
  const basket = new Set<string>()
  for (const { name, items } of events.slice(visitStart(events, now))) {
    for (const { item_id: id } of items) {
      if (name === 'add_to_cart') basket.add(id)
      else if (name === 'remove_from_cart' || name === 'purchase') basket.delete(id)
    }
  }
  return [...basket]
}
