import { expect, it } from 'vitest'
import { asSuspects, logOf, packOf, visits } from '../../fixtures/visits.js'
import { completion } from './completion.js'
import { membership } from './membership.js'
import { suspectsOf } from './suspects.js'

const ITEMS = 300
const members = visits(250, ITEMS, 1)
const outsiders = visits(250, ITEMS, 2)

async function attacked(k: number) {
  const model = await packOf(members, k)
  const sides = [asSuspects(members), asSuspects(outsiders)] as const
  return {
    membership: await membership(model, null, ...sides, false, { seed: 1 }),
    completion: await completion(model, ...sides, { seed: 1 }),
  }
}

it('a pack with k = 1 reveals single visits', async () => {
  const { membership, completion } = await attacked(1)
  expect(membership.all.auc.value).toBeGreaterThan(0.99)
  expect(membership.all.foundAt1.value).toBeGreaterThan(0.95)
  expect(completion.lists.at20.members).toBeGreaterThan(0.9)
  expect(completion.lists.at20.ci95[0]).toBeGreaterThan(0.3)
  expect(completion.tables.at20.ci95[0]).toBeGreaterThan(0.3)
})

it('a pack without information reveals nobody', async () => {
  const { membership, completion } = await attacked(1000)
  expect(membership.all.auc.value).toBeGreaterThan(0.45)
  expect(membership.all.auc.value).toBeLessThan(0.55)
  expect(membership.all.auc.ci95[0]).toBeLessThanOrEqual(0.5)
  expect(Math.abs(completion.lists.at20.excess)).toBeLessThan(0.05)
  expect(completion.tables.at20.members).toBe(0)
})

it('a reference pack that knows the same removes the evidence', async () => {
  const model = await packOf(members, 1)
  const sides = [asSuspects(members), asSuspects(members)] as const
  const { all } = await membership(model, model, ...sides, false, { seed: 1 })
  expect(all.auc.value).toBeCloseTo(0.5, 1)
})

it('finds the sessions that only k protects', () => {
  // Items 0 and 1 occur together in three sessions, 2 and 3 in one.
  const log = logOf([0, 1, 1, 0, 0, 1, 2, 3], [0, 2, 4, 6, 8], 5)
  const knowledge = {
    packRows: Int32Array.of(0, 1, 2, 3, -1),
    listed: Uint8Array.of(1, 1, 1, 1, 0),
    hidden: (row: number) => row === 3,
  }
  const rare = (k: number) =>
    suspectsOf(log, log, true, { ...knowledge, k }, 1).map(({ rarePair }) => rarePair)
  expect(rare(1)).toEqual([false, false, false, true])
  expect(rare(3)).toEqual([true, true, true, true])
  const [other] = suspectsOf(logOf([0, 1, 4], [0, 3], 5), log, false, { ...knowledge, k: 3 }, 1)
  expect(other).toMatchObject({ rows: [0, 1, -1], rarePair: true, rareItem: true, unnamed: 1, named: 0 })
  expect(suspectsOf(log, log, true, { ...knowledge, k: 1 }, 1)[3]).toMatchObject({ unnamed: 0, named: 1 })
})
