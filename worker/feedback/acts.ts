/**
 * Reads events as acts: what was done with which item, and how strongly it speaks for the item. What two events report is
 * one act. A view is read by how long it lasted: a long one, a bounce, or a plain one. The order of the events counts more
 * than their times: if the clock jumps back between two events, the gap between them counts as 0.
 */
import type { WireEvent } from '../protocol.js'
import { BOUNCE_MS, DWELL_MS, isLook, isStep, type Strengths } from './signals.js'

/** A visit ends after half an hour without events, as in GA4. */
export const IDLE_MS = 30 * 60_000

export interface Act {
  /** Item id. */
  id: string
  strength: number
  /** Unix milliseconds. */
  time: number
  /** The item was left at once. */
  bounced: boolean
}

/** The events that are steps, without repeats. */
export function actsOf(events: readonly WireEvent[], strengths: Strengths): Act[] {
  const acts: Act[] = []
  let last: WireEvent | undefined
  for (const [e, event] of events.entries()) {
    if (!isStep(event.name)) continue
    // A click on a product and the view of its page are one act. A view that a page reports twice is one act too.
    if (last && repeats(last, event)) acts.pop()
    const length = isLook(event.name) && event.items.length === 1 ? lengthOf(events, e) : 'plain'
    const bounced = length === 'bounce'
    const plain = strengths[event.name]
    const strength = bounced ? plain + strengths.bounce : length === 'dwell' ? strengths.dwell : plain
    for (const { item_id: id } of event.items) acts.push({ id, strength, time: event.time, bounced })
    last = event
  }
  return acts
}

function repeats(last: WireEvent, event: WireEvent): boolean {
  return (
    event.name === 'view_item' &&
    event.items.length === 1 &&
    last.items.length === 1 &&
    last.items[0]!.item_id === event.items[0]!.item_id &&
    (last.name === 'select_item' || (last.name === 'view_item' && event.time - last.time < BOUNCE_MS))
  )
}

/** How long a view of one item was: as the page has told, else by the time until something else was done. */
function lengthOf(events: readonly WireEvent[], e: number): 'dwell' | 'bounce' | 'plain' {
  const { items, time } = events[e]!
  const item = items[0]!.item_id
  const visible = visibleTime(events, e)
  if (visible !== undefined && visible >= BOUNCE_MS) return visible > DWELL_MS ? 'dwell' : 'plain'
  let first = true
  for (let n = e + 1; n < events.length; n++) {
    const next = events[n]!
    if (next.name === 'user_engagement') continue
    if (visible === undefined) {
      const stayed = next.time - time
      if (stayed > IDLE_MS || stayed < 0) break
      if (stayed > DWELL_MS) return first ? 'dwell' : 'plain'
      if (stayed >= BOUNCE_MS) break
    }
    first = false
    // A list that scrolls into view on the product's page does not end the view. Only going on to another item does.
    if (next.name === 'view_item_list') continue
    return isStep(next.name) && !next.items.some(({ item_id }) => item_id === item) ? 'bounce' : 'plain'
  }
  return 'plain'
}

/** How long the item of a view was visible, in milliseconds; undefined if the page has not told. */
function visibleTime(events: readonly WireEvent[], e: number): number | undefined {
  const { items, time, visible } = events[e]!
  let told = visible
  for (let n = e + 1; n < events.length && events[n]!.time - time <= IDLE_MS; n++) {
    const next = events[n]!
    if (!next.items.some(({ item_id }) => item_id === items[0]!.item_id)) continue
    // What follows the next view of the item belongs to that one.
    if (isLook(next.name)) break
    if (next.visible !== undefined) told = (told ?? 0) + next.visible
  }
  return told
}
