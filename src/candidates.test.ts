import { describe, expect, it } from 'vitest'
import type { Ranking } from '../worker/protocol.js'
import { candidates, devicesOrder, serversOrder } from './candidates.js'
import { backwards } from './fixtures/fake-page.js'

describe('ids', () => {
  it('come from id, item_id, the item itself or a key', () => {
    const { ids } = candidates([{ id: 'a' }, { item_id: 7 }, 'c', 4, { sku: 'e' }, null])
    expect(ids).toEqual(['a', '7', 'c', '4', '', ''])
    expect(candidates([{ sku: 'e' }], { key: ({ sku }) => sku }).ids).toEqual(['e'])
  })

  it('are empty where the key gives none', () => {
    const key = () => {
      throw new Error('not mine')
    }
    expect(candidates([{}], { key }).ids).toEqual([''])
  })
})

it('returns the same objects in the order of the answer', () => {
  const items = [{ id: 'a' }, { id: 'b' }, { id: 'c' }]
  const given = candidates(items)
  const ranked = devicesOrder(items, given, backwards(given.ids))!
  expect(ranked.map(({ item }) => item)).toEqual([items[2], items[1], items[0]])
  expect(ranked[0]).toEqual({
    item: items[2],
    id: 'c',
    score: 3,
    position: 0,
    reasons: [{ code: 'popular', weight: 1 }],
    source: 'session',
  })
  expect(ranked[0]!.item).toBe(items[2])
})

it('loses and repeats no object when the answer is wrong', () => {
  const items = ['a', 'b', 'c']
  const given = candidates(items)
  const answer = (order?: number[]): Ranking => {
    const { order: _, ...rest } = backwards(given.ids)
    return order ? { ...rest, order: Uint32Array.from(order) } : rest
  }
  for (const order of [undefined, [0, 1], [0, 1, 1], [0, 1, 3], [2, 1, 0, 0]]) {
    expect(devicesOrder(items, given, answer(order))).toBeUndefined()
  }
  expect(serversOrder(items, given).map(({ id }) => id)).toEqual(['a', 'b', 'c'])
})
