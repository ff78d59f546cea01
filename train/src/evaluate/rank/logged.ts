/** The lists that a shop really showed, where its log says so: each click in a list is asked for in that list. */
import type { Assortment } from './assortment.js'
import type { ServerList } from './servers.js'

/** Lists in flat arrays, as the log's reader gives them. */
export interface ShownLists {
  /** Item ids; `items` has indices of them. */
  ids: readonly string[]
  /** First entry of each list, and the end: Uint32Array of lists + 1. */
  offsets: Uint32Array
  /** From the top down. */
  items: Uint32Array
  /** 1 for what was clicked in the list. */
  clicked: Uint8Array
  /** Of each list: the session of the log in which it was shown, -1 where that is not known. */
  sessions: Int32Array
  /** Of each list: how many events of that session came before it. */
  before: Uint32Array
}

export interface Click {
  list: ServerList
  /** Number of the clicked item. */
  target: number
}

/** @returns the clicks in the lists that a session was shown after so many events */
export function clicksIn(
  { ids, offsets, items, clicked, sessions, before }: ShownLists,
  { numberOf }: Assortment,
): (session: number, events: number) => readonly Click[] {
  const found = new Map<string, Click[]>()
  for (let l = 0; l + 1 < offsets.length; l++) {
    const entries = [...items.subarray(offsets[l], offsets[l + 1])].map((item) => numberOf(ids[item]!)!)
    const clicks = entries
      .filter((_, i) => clicked[offsets[l]! + i] === 1)
      .map((target) => ({ list: { items: entries }, target }))
    if (clicks.length === 0 || sessions[l]! < 0) continue
    const place = `${sessions[l]} ${before[l]}`
    const known = found.get(place)
    if (known) known.push(...clicks)
    else found.set(place, clicks)
  }
  return (session, events) => found.get(`${session} ${events}`) ?? []
}
