/**
 * Finds the list that an event belongs to. If the page gives the `requestId` of a ranking, it is that list. Most pages give
 * only the slot. Then it is the last list that showed the item in that slot.
 */
import type { ShownList, WireEvent } from '../protocol.js'

/**
 * Returns the event with the list's `requestId`, and with each item's position in the list if the page gave none. An event
 * without a slot, or of an unknown list, is returned unchanged.
 * @param lists that were shown, oldest first
 */
export function joined(event: WireEvent, lists: readonly ShownList[]): WireEvent {
  if (!namesList(event)) return event
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

/** Whether an event may belong to a list. */
export function namesList({ requestId, slot }: WireEvent): boolean {
  return (requestId ?? slot) !== undefined
}
