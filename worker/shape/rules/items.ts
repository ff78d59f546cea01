/** Reads what rules ask about the candidates of a list. Nothing is read before a rule asks, and nothing is read twice. */
import { lastOf } from '../../feedback/last.js'
import type { AttributeValue } from '../../protocol.js'
import {
  attributeOf,
  type Candidates,
  idAt,
  type RankContext,
  SOURCES,
  withRepeats,
} from '../../rank/candidates.js'
import type { Items } from './condition.js'

const UNREAD: readonly string[] = []

export function itemsOf(list: Candidates, context: RankContext): Items {
  const read = new Map<string, (AttributeValue | undefined)[]>()
  const ids: string[] = []
  let known: Candidates | undefined

  return {
    now: context.now,
    get last() {
      return lastOf(context.events)
    },
    idAt: (i) => (ids[i] ??= idAt(context, list, i)),
    sourceAt: (i) => SOURCES[list.source[i]!]!,
    valueAt(i, name) {
      let column = read.get(name)
      if (!column) {
        column = new Array(list.rows.length).fill(UNREAD)
        read.set(name, column)
      }
      let value = column[i]
      if (value === UNREAD) {
        known ??= withRepeats(list, context)
        value = attributeOf(context, known, i, name)
        column[i] = value
      }
      return value
    },
  }
}
