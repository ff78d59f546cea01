import { expect, it } from 'vitest'
import { logOf, packOf } from '../../fixtures/visits.js'
import { sliceLog } from '../model/log/log.js'
import { difference } from './difference.js'

// Yesterday: 0-1 twice, 2-3 once. Today: 2-3 once more, 0-1 once more, and 4-5-6 by one visitor.
const log = logOf([0, 1, 0, 1, 2, 3, 2, 3, 0, 1, 4, 5, 6], [0, 2, 4, 6, 8, 10, 13], 7)

async function differenceAt(k: number) {
  const rowOf = Int32Array.from({ length: 7 }, (_, row) => row)
  const before = { catalog: (await packOf(sliceLog(log, 0, 3), k)).catalog, rowOf }
  const after = { catalog: (await packOf(log, k)).catalog, rowOf }
  return difference(before, after, sliceLog(log, 3, 6))
}

it('reads a whole new visit from the difference if k = 1', async () => {
  const { added, newPairs, sessions } = await differenceAt(1)
  expect(added).toBe(3)
  // 4-5, 5-6 and 4-6 in both directions, all from one visitor.
  expect(newPairs).toMatchObject({ count: 6, together: 6, onOneSession: 6, precision: 2 / 6, recall: 2 / 4 })
  expect(sessions.pair).toBeCloseTo(1 / 3)
  expect(sessions.chain).toBe(1)
  expect(sessions.vector).toBeCloseTo(1 / 3)
})

it('finds the one visit that brings a pair to k', async () => {
  const { newPairs, sessions } = await differenceAt(2)
  expect(newPairs).toMatchObject({ count: 2, onOneSession: 2 })
  expect(sessions.pair).toBeCloseTo(1 / 3)
  expect(sessions.chain).toBe(0)
})

it('finds counts that one visit changed, and fewer of them if counts are coarse', async () => {
  const { sessions } = await differenceAt(2)
  // The counts of 0 and 1 go from 2 to 3, those of 2 and 3 from hidden to 2; 4, 5 and 6 stay hidden.
  expect(sessions.count).toBeCloseTo(2 / 3)
  expect(sessions.coarseCount).toBeCloseTo(1 / 3)
})

it('finds nothing if nothing reaches k', async () => {
  const { newPairs, risenPairs, sessions } = await differenceAt(9)
  expect(newPairs.count + risenPairs.count).toBe(0)
  expect(sessions).toEqual({ pair: 0, chain: 0, count: 0, coarseCount: 0, vector: 0 })
})
