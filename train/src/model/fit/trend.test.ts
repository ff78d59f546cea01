import { expect, test } from 'vitest'
import { positiveLog } from '../log/log.js'
import { supportOf } from '../log/support.js'
import type { Fitted } from './fitted.js'
import { leaning } from './trend.js'

/**
 * 100 sessions of one item each: item 0 from beginning to end, item 1 early, item 2 late, item 3 late but by one person
 * only, item 4 once.
 */
function log() {
  const rows = Array.from({ length: 100 }, (_, s) => {
    if (s === 5) return 4
    if (s >= 90) return s % 3 === 0 ? 2 : s % 3 === 1 ? 3 : 0
    return s % 2
  })
  return positiveLog({
    ids: ['0', '1', '2', '3', '4'],
    offsets: Uint32Array.from({ length: 101 }, (_, s) => s),
    rows: Uint32Array.from(rows),
    weights: new Float32Array(100).fill(1),
    times: Float64Array.from(rows.keys()),
    // All sessions with item 3 are by one person.
    users: Int32Array.from(rows, (row, s) => (row === 3 ? 0 : s + 1)),
    time: 'order',
  })
}

test('the trend compares what sells now with what used to sell, and is 0 for items of too few people', async () => {
  const events = log()
  const trend = async (k: number) => {
    const fitted = { support: supportOf(events, k), bias: new Float32Array(5) } as Fitted
    return (await leaning({ fitted, log: events }, k, 1)).bias
  }
  const [always, first, last, single, once] = await trend(1)
  expect(always).toBeGreaterThan(-1)
  expect(always).toBeLessThan(0.5)
  expect(first!).toBeLessThan(-0.5)
  expect(last!).toBeCloseTo(Math.log((4 + 3) / (0.4 + 3)))
  expect(single!).toBeCloseTo(Math.log((3 + 3) / (0.3 + 3)))
  expect(once).toBeLessThan(0)
  // With k = 2 the items of one person are rare, and rare items have no trend.
  expect([...(await trend(2))].slice(3)).toEqual([0, 0])
})
