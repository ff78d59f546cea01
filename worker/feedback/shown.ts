/**
 * Which list an event belongs to. A page that has the `requestId` of a ranking gives it; most know no more than the slot.
 * Then the event belongs to the last list that showed the item in that slot.
 */
import type { ShownList, WireEvent } from '../protocol.js'

/**
 * The event with the list's `requestId`, and each item's position in it where the page gave none. An event without a
 * slot, or whose list is not known, comes back as it is.
 * @param lists that were shown, oldest first
 */
export function joined(event: WireEvent, lists: readonly ShownList[]): WireEvent {
  const { requestId, slot, items } = event
  const shows = (list: ShownList) => items.some(({ item_id }) => list.ids.includes(item_id))
  const list = [...lists]
    .reverse()
    .find((list) =>
      requestId === undefined ? list.slot === slot && shows(list) : list.requestId === requestId,
    )
  if (!list) return event
  return {
    ...event,
    slot: list.slot,
    requestId: list.requestId,
    items: items.map((item) => {
      const position = list.ids.indexOf(item.item_id)
      return position < 0 ? item : { position, ...item }
    }),
  }
}
