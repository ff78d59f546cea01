/** The items that the visitor has refused, and how a refusal is taken back. Pure functions of the events. */
import type { WireEvent } from '../protocol.js'
import { relativeToView, STRENGTHS } from './signals.js'

/** The events with nothing in them of the dislikes that were taken back. */
export function inForce(events: readonly WireEvent[]): readonly WireEvent[] {
  if (!events.some(({ name }) => name === 'undo_less_like_this')) return events
  const undone = new Set<string>()
  return [...events]
    .reverse()
    .map((event) => {
      if (event.name === 'undo_less_like_this') for (const { item_id } of event.items) undone.add(item_id)
      else if (event.name !== 'less_like_this') return event
      return { ...event, items: event.items.filter(({ item_id }) => !undone.has(item_id)) }
    })
    .reverse()
}

/** Items that the visitor returned or asked to see less of, and has not chosen again since. */
export function lessLike(events: readonly WireEvent[]): Set<string> {
  const unwanted = new Set<string>()
  for (const { name, items } of inForce(events)) {
    for (const { item_id: id } of items) {
      if (name === 'refund' || name === 'less_like_this') unwanted.add(id)
      else if (isChoice(name)) unwanted.delete(id)
    }
  }
  return unwanted
}

/** Whether an event is stronger than a view: the item was bought, or put in the basket or on the wish list. */
export function isChoice(name: WireEvent['name']): boolean {
  return relativeToView(STRENGTHS[name]) > 1
}
