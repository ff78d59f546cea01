import { expect, it } from 'vitest'
import type { ShownList, WireEvent } from '../protocol.js'
import { joined } from './shown.js'

const list = (requestId: string, slot: string, ...ids: string[]): ShownList => ({
  requestId,
  slot,
  time: 1,
  by: 'device',
  ids,
})
const lists = [list('r1', 'home', 'a', 'b'), list('r2', 'home', 'b', 'c'), list('r3', 'cart', 'a')]
const click = (item: string, more: Partial<WireEvent> = {}): WireEvent => ({
  id: 'e',
  name: 'select_item',
  time: 2,
  items: [{ item_id: item }],
  ...more,
})

it('an event belongs to the last list that showed its item in its slot', () => {
  expect(joined(click('b', { slot: 'home' }), lists)).toEqual(
    click('b', { slot: 'home', requestId: 'r2', items: [{ item_id: 'b', position: 0 }] }),
  )
  expect(joined(click('a', { slot: 'home' }), lists).requestId).toBe('r1')
})

it('an event that names its list belongs to that list, and gets its slot', () => {
  expect(joined(click('b', { requestId: 'r1' }), lists)).toEqual(
    click('b', { slot: 'home', requestId: 'r1', items: [{ item_id: 'b', position: 1 }] }),
  )
})

it('a position that the page gives is kept', () => {
  const given = click('b', { slot: 'home', items: [{ item_id: 'b', position: 7 }] })
  expect(joined(given, lists).items).toEqual([{ item_id: 'b', position: 7 }])
})

it.each([
  ['without a slot', click('a')],
  ['of a slot that never showed the item', click('z', { slot: 'home' })],
  ['of a list that is not known', click('a', { requestId: 'r9', slot: 'home' })],
])('an event %s stays as it is', (_, event) => {
  expect(joined(event, lists)).toBe(event)
})
