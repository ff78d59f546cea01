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

describe('what the engine gets to know', () => {
  const lamp = { id: 1, title: 'Lamp', category: 'light', brand: '', price: 12.5, available: false, stock: 3 }

  it('is by default a few fields of the object', () => {
    expect(candidates([lamp, 'mug', null])).toEqual({
      ids: ['1', 'mug', ''],
      facts: [{ title: 'Lamp', category: 'light', price: 12.5, available: false }, {}, {}],
    })
  })

  it('is what the page says, bounded, and nothing that cannot be sent', () => {
    const facts = () => ({
      stock: 0,
      colours: ['red', 7, {}],
      added: new Date(0),
      buy() {},
      text: 'x'.repeat(300),
      isbn: 978n,
      price: Number.NaN,
    })
    expect(candidates([lamp], { facts }).facts).toEqual([{ stock: 0, colours: ['red', '7'], isbn: '978' }])
    const many = Object.fromEntries(Array.from({ length: 99 }, (_, i) => [`f${i}`, i]))
    expect(Object.keys(candidates([lamp], { facts: () => many }).facts![0]!)).toHaveLength(50)
  })

  it('has a server score for each item, and the items that stay', () => {
    const items = [{ rank: 3 }, { rank: '2.5' }, { rank: null }, { rank: 'high' }]
    const { serverScores, fixed } = candidates(items, {
      score: ({ rank }) => rank,
      fixed: (_, index) => index < 2,
    })
    expect(serverScores).toEqual(Float64Array.of(3, 2.5, Number.NaN, Number.NaN))
    expect(fixed).toEqual([0, 1])
  })

  it('loses nothing but its own answer when a reader throws', () => {
    const throws = () => {
      throw new Error('not mine')
    }
    const { ids, facts, serverScores, fixed } = candidates([lamp], {
      facts: throws,
      score: throws,
      fixed: throws,
    })
    expect([ids, facts, [...serverScores!], fixed]).toEqual([['1'], [undefined], [Number.NaN], []])
  })
})

it('leaves out what a rule has removed', () => {
  const items = ['a', 'b', 'c']
  const answer = { ...backwards(items), order: Uint32Array.of(2, 0) }
  expect(devicesOrder(items, candidates(items), answer)?.map(({ id }) => id)).toEqual(['c', 'a'])
})

it('repeats no object when the answer is wrong', () => {
  const items = ['a', 'b', 'c']
  const given = candidates(items)
  const answer = (order?: number[]): Ranking => {
    const { order: _, ...rest } = backwards(given.ids)
    return order ? { ...rest, order: Uint32Array.from(order) } : rest
  }
  for (const order of [undefined, [], [0, 1, 1], [0, 1, 3], [2, 1, 0, 0]]) {
    expect(devicesOrder(items, given, answer(order))).toBeUndefined()
  }
  expect(serversOrder(items, given).map(({ id }) => id)).toEqual(['a', 'b', 'c'])
})
