import { expect, it } from 'vitest'
import { candidates } from './candidates.js'
import { toWire } from './event.js'
import { idOf, idsOf } from './id.js'

const rows: [unknown, string][] = [
  ['sku1', 'sku1'],
  [7, '7'],
  [7n, '7'],
  [1e21, '1e+21'],
  [' a b ', ' a b '],
  ['x'.repeat(256), 'x'.repeat(256)],
  ['x'.repeat(257), ''],
  ['two\nlines', ''],
  ['', ''],
  [undefined, ''],
  [null, ''],
  [true, ''],
  [Symbol('a'), ''],
  [{}, ''],
  [Object.create(null), ''],
  [['a'], ''],
]

it.each(rows)('id %#: one rule for track, rank and every other call', (given, id) => {
  expect(idOf(given)).toBe(id)
  expect(toWire('1', 'view_item', { items: [{ item_id: given }] })?.items[0]?.item_id ?? '').toBe(id)
  expect(candidates([{ id: given ?? undefined, item_id: undefined }]).ids).toEqual([id])
  expect(idsOf(new Set([given]))).toEqual(id ? [id] : [])
})

it('takes ids from any iterable, and none from anything else', () => {
  expect(idsOf(['a', 2])).toEqual(['a', '2'])
  expect(idsOf('sku1')).toEqual([])
  expect(idsOf(7)).toEqual([])
  expect(idsOf(null)).toEqual([])
})
