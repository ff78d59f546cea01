/** How lists were made. An explanation reads it; nothing is worked out a second time. */
import type { ListRequest, RankedItems } from '../protocol.js'
import type { Candidates, RankContext } from './candidates.js'

export interface ListRecord {
  context: RankContext
  list: Candidates
  /** Makes the list again, for another context. */
  make(context: RankContext): Candidates
}

/** A list that the page was given. */
export interface Given extends Pick<ListRequest, 'requestId' | 'slot'> {
  items: RankedItems
}

const records = new WeakMap<RankedItems, ListRecord>()

export function recorded(items: RankedItems, record: ListRecord): RankedItems {
  records.set(items, record)
  return items
}

export function recordOf(items: RankedItems): ListRecord | undefined {
  return records.get(items)
}
