/** Reads what rules ask about the candidates of a list. Nothing is read before a rule asks, and nothing is read twice. */
import { lastOf } from '../../feedback/last.js'
import type { AttributeValue } from '../../protocol.js'
import { attributeOf, type Candidates, idAt, type RankContext, SOURCES } from '../candidates.js'
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

/** The list with a row for repeated ids too. They are not scored, but the pack knows what they are. */
function withRepeats(list: Candidates, context: RankContext): Candidates {
  const { rows } = list
  if (!rows.includes(-1)) return list
  const rowOf = new Map<string, number>()
  rows.forEach((row, i) => {
    if (row >= 0) rowOf.set(idAt(context, list, i), row)
  })
  return { ...list, rows: rows.map((row, i) => (row < 0 ? (rowOf.get(idAt(context, list, i)) ?? -1) : row)) }
}
