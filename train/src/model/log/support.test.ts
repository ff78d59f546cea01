/** The support rule: nothing in the model rests on fewer than k distinct people. */
import { describe, expect, test } from 'vitest'
import { interactionsOf, numbered } from '../../../fixtures/logs.js'
import { pairRows } from '../tables/cooccurrence.js'
import { TableBuilder } from '../tables/tables.js'
import { positiveLog } from './log.js'
import { coverageOf, supportOf } from './support.js'

/** Sessions as lists of rows. */
function logOf(items: number, sessions: number[][], users: number[] | null = null) {
  const data = interactionsOf(numbered(items), sessions)
  if (users) data.users = Int32Array.from(users)
  return positiveLog(data)
}

function tableOf(log: ReturnType<typeof logOf>, name: 'session' | 'next', k: number) {
  const { rare } = supportOf(log, k)
  const builder = new TableBuilder(name, log.items, k, rare)
  for (const pairs of pairRows(log)) builder.add(pairs)
  const { offsets, rows, weights } = builder.table()
  return Array.from({ length: log.items }, (_, row) => ({
    rows: Array.from(rows.subarray(offsets[row]!, offsets[row + 1]!)),
    weights: Array.from(weights.subarray(offsets[row]!, offsets[row + 1]!)),
  }))
}

describe('items', () => {
  test('are rare below k sessions, no matter how often one session has them', () => {
    const log = logOf(3, [[0, 0, 0, 1], [0, 1], [1]])
    const { rare, popularity } = supportOf(log, 3)
    expect(Array.from(rare)).toEqual([1, 0, 1])
    expect(Array.from(popularity)).toEqual([0, 3, 0])
  })

  test('are counted by people where they are known, and popularity by sessions', () => {
    const log = logOf(2, [[0, 1], [0, 1], [0], [1]], [7, 7, 8, -1])
    expect(Array.from(supportOf(log, 2).popularity)).toEqual([3, 3])
    expect(Array.from(supportOf(log, 3).rare)).toEqual([1, 1])
  })
})

describe('pairs', () => {
  test('of too few people are in no table', () => {
    // Two people have 0 and 1 together, one person has 0 and 2. No single item is rare.
    const sessions = [[0, 1], [1, 0], [0, 2], [2], [0], [1]]
    const log = logOf(3, sessions)
    expect(tableOf(log, 'session', 1)[0]!.rows).toEqual([1, 2])
    expect(tableOf(log, 'session', 2).map(({ rows }) => rows)).toEqual([[1], [0], []])
    expect(tableOf(log, 'session', 3).map(({ rows }) => rows)).toEqual([[], [], []])
    // In each direction the pair has a single person.
    expect(tableOf(log, 'next', 1).map(({ rows }) => rows)).toEqual([[1, 2], [0], []])
    expect(tableOf(log, 'next', 2).map(({ rows }) => rows)).toEqual([[], [], []])
  })

  test('of one person count once, even in many sessions', () => {
    const log = logOf(2, [[0, 1], [0, 1], [0, 1], [0], [1]], [1, 1, 1, 2, 3])
    expect(tableOf(log, 'session', 2)[0]!.rows).toEqual([])
  })

  test('weigh by gap and direction, stored as square roots relative to the best pair', () => {
    const log = logOf(3, [[0, 1, 2]])
    const rows = tableOf(log, 'session', 1)
    // 0: 1 at gap 1, 2 at gap 2. 1: 0 backward (half), 2 forward.
    expect(rows[0]).toEqual({ rows: [1, 2], weights: [255, 17 * Math.round(15 * Math.SQRT1_2)] })
    expect(rows[1]).toEqual({ rows: [0, 2], weights: [17 * Math.round(15 * Math.SQRT1_2), 255] })
    expect(tableOf(log, 'next', 1)[2]!.rows).toEqual([])
  })

  test('are the 20 strongest, in ascending order', () => {
    const sessions = Array.from({ length: 50 }, (_, i) => [50, ...(i < 40 ? [i] : [i, i])])
    const { rows } = tableOf(logOf(51, sessions), 'session', 1)[50]!
    expect(rows.length).toBe(20)
    expect(rows).toEqual([...rows].sort((a, b) => a - b))
  })
})

test('coverage gives the shares of items and events with a vector of their own at each k', () => {
  const log = logOf(4, [[0, 0, 1], [0, 1], [2], [0]])
  expect(coverageOf(log, [1, 2, 3])).toEqual([
    { k: 1, items: 1, events: 1 },
    { k: 2, items: 2 / 3, events: 6 / 7 },
    { k: 3, items: 1 / 3, events: 4 / 7 },
  ])
})
