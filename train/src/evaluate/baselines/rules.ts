/**
 * Baselines that look only at the last item, as session-rec defines them (Ludewig and Jannach 2018): association
 * rules, sequential rules and item-kNN. The row of an item is computed when it is first needed, so that a small test
 * is fast even with a large log.
 */
import type { Interactions } from '../../data/interactions.js'
import type { Baseline } from '../questions/baseline.js'
import { placeOf } from '../questions/baseline.js'
import { invert, type Postings } from './postings.js'

/** How many steps sequential rules look ahead. A gap of g steps has the weight 1/g^2. */
const STEPS = 10
/** Rules, and similar items, kept for each item. */
const RULES = 20
const SIMILAR = 100
/** Item-kNN's regularisation, in events. */
const LAMBDA = 20

type Row = Map<number, number>

export function ruleBaselines(log: Interactions): Baseline[] {
  const postings = invert(log)
  return [
    lastItem('itemKnn', (item) => strongest(similarItems(log, postings, item), SIMILAR)),
    lastItem('associationRules', (item) => strongest(together(log, postings, item), RULES)),
    lastItem('sequentialRules', (item) => strongest(following(log, postings, item), RULES)),
  ]
}

function lastItem(name: string, compute: (item: number) => Row): Baseline {
  const rows = new Map<number, Row>()
  return {
    name,
    rank(items, target) {
      const last = items[items.length - 1]!
      if (last < 0 || target < 0) return 0
      const row = rows.get(last) ?? compute(last)
      rows.set(last, row)
      return placeOf(row, target)
    },
  }
}

/** How often each item occurs in a session with this one, counted for every pair of events. */
function together({ rows, offsets }: Interactions, postings: Postings, item: number): Row {
  const row: Row = new Map()
  eachEvent(postings, item, (event, session) => {
    for (let e = offsets[session]!; e < offsets[session + 1]!; e++) if (e !== event) add(row, rows[e]!, 1)
  })
  return row
}

/** How often each item follows this one; smaller gaps count more. */
function following({ rows, offsets }: Interactions, postings: Postings, item: number): Row {
  const row: Row = new Map()
  eachEvent(postings, item, (event, session) => {
    const end = Math.min(offsets[session + 1]!, event + STEPS + 1)
    for (let e = event + 1; e < end; e++) add(row, rows[e]!, (e - event) ** -2)
  })
  return row
}

/** Regularised cosine over sessions: each event of the item counts the other items of its session once. */
export function similarItems({ rows, offsets }: Interactions, postings: Postings, item: number): Row {
  const row: Row = new Map()
  eachEvent(postings, item, (_, session) => {
    for (const other of new Set(rows.subarray(offsets[session], offsets[session + 1]))) add(row, other, 1)
  })
  row.delete(item)
  const support = (i: number) => postings.starts[i + 1]! - postings.starts[i]! + LAMBDA
  for (const [other, count] of row) row.set(other, count / Math.sqrt(support(item) * support(other)))
  return row
}

/** Prunes as session-rec does: of equal entries, the first ones stay. */
export function strongest(row: Row, count: number): Row {
  if (row.size <= count) return row
  return new Map([...row].sort((a, b) => b[1] - a[1]).slice(0, count))
}

function eachEvent(
  { starts, events, sessionOf }: Postings,
  item: number,
  visit: (event: number, session: number) => void,
): void {
  for (let p = starts[item]!; p < starts[item + 1]!; p++) visit(events[p]!, sessionOf[events[p]!]!)
}

function add(row: Row, item: number, value: number): void {
  row.set(item, (row.get(item) ?? 0) + value)
}
