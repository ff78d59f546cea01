/** What the visitor has said or asked for, apart from the items that they looked at. Pure functions of the log. */
import type { Preferences, WireEvent } from '../protocol.js'
import { visitStart } from './history.js'
import { lessLike } from './unwanted.js'

export interface Preferred extends Preferences {
  /** Item ids. */
  items: string[]
}

/** What the visitor prefers by the last event that says so, less what they refused since; undefined if there is none. */
export function preferred(events: readonly WireEvent[]): Preferred | undefined {
  const at = events.findLastIndex(({ name }) => name === 'prefer')
  if (at < 0) return undefined
  const { prefer, items } = events[at]!
  const unwanted = lessLike(events.slice(at))
  return { ...prefer, items: items.map(({ item_id }) => item_id).filter((id) => !unwanted.has(id)) }
}

/** The words of the running visit's last search. */
export function searched(events: readonly WireEvent[], now: number): string | undefined {
  return events.slice(visitStart(events, now)).findLast(({ name }) => name === 'view_search_results')?.query
}
