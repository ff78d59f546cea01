import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { validateEvents } from '../../worker/feedback/validate.js'
import type { WireEvent } from '../../worker/protocol.js'
import { toWire } from '../event.js'
import { fakePage, fakeStorage } from '../fixtures/fake-page.js'
import { outbox } from './outbox.js'
import { fromText } from './outbox-text.js'

const event = (id: string, ...items: string[]): WireEvent => ({
  id,
  name: 'view_item',
  time: 1,
  items: (items.length > 0 ? items : ['sku']).map((item_id) => ({ item_id })),
})
const idsOf = (events: WireEvent[]) => events.map(({ id }) => id)

let storage: Record<string, string>
beforeEach(() => {
  storage = fakeStorage()
  fakePage(storage)
})
afterEach(() => vi.unstubAllGlobals())

it('hands out each event once, and all unacknowledged ones to a new worker', () => {
  const box = outbox('a')
  box.add(event('1'))
  box.add(event('2'))
  expect(idsOf(box.take())).toEqual(['1', '2'])
  expect(box.take()).toEqual([])
  box.acknowledge(['1'])
  box.rewind()
  expect(idsOf(box.take())).toEqual(['2'])
})

it('gives unacknowledged events to the next page, and keeps them until they are acknowledged', () => {
  const first = outbox('a')
  first.add(event('1'))
  first.add(event('2'))
  first.acknowledge(['1'])
  first.save()

  const second = outbox('b')
  second.add(event('3'))
  second.recover()
  expect(idsOf(second.take())).toEqual(['2', '3'])

  // The second page ends before an answer, so a third page gets both events.
  second.save()
  const third = outbox('c')
  third.recover()
  expect(new Set(idsOf(third.take()))).toEqual(new Set(['2', '3']))
  third.acknowledge(['2', '3'])
  expect(Object.keys(storage)).toEqual([])
})

it('removes its own box when everything is acknowledged later', () => {
  const box = outbox('a')
  box.add(event('1'))
  box.save()
  expect(Object.keys(storage)).toHaveLength(1)
  box.acknowledge(['1'])
  expect(Object.keys(storage)).toEqual([])
})

it('writes nothing when nothing is left', () => {
  outbox('a').save()
  expect(Object.keys(storage)).toEqual([])
})

it('keeps the newest events within its bounds', () => {
  const box = outbox('a')
  for (let n = 0; n < 450; n++) box.add(event(`event-${n}`))
  box.save()
  const kept = fromText(storage['nearside:outbox:a']!)!
  expect(kept.length).toBeGreaterThan(100)
  expect(kept.length).toBeLessThan(450)
  expect(kept.at(-1)!.id).toBe('event-449')

  const wide = outbox('b')
  for (let n = 0; n < 50; n++) wide.add(event(`${n}`, ...Array.from({ length: 100 }, (_, i) => `item-${i}`)))
  wide.save()
  expect(storage['nearside:outbox:b']!.length).toBeLessThanOrEqual(20_000)
  expect(fromText(storage['nearside:outbox:b']!)!.at(-1)!.id).toBe('49')
})

describe('clear', () => {
  it('forgets everything, other pages’ boxes included', () => {
    const other = outbox('a')
    other.add(event('1'))
    other.save()
    const box = outbox('b')
    box.add(event('2'))
    box.save()
    box.clear()
    expect(box.take()).toEqual([])
    expect(Object.keys(storage)).toEqual([])
  })

  it('forgets one item in memory and in every box', () => {
    const other = outbox('a')
    other.add(event('1', 'secret'))
    other.add(event('2', 'secret', 'fine'))
    other.save()
    const box = outbox('b')
    box.add(event('3', 'secret'))
    box.add(event('4', 'fine'))
    box.clear('secret')
    box.save()
    expect(JSON.stringify(storage)).not.toContain('secret')
    expect(idsOf(box.take())).toEqual(['2', '4'])
  })

  it('forgets an item that the visitor prefers, but not what else they prefer', () => {
    const box = outbox('a')
    box.add(toWire('1', 'prefer', { items: ['secret'], brands: ['Acme'] })!)
    box.clear('secret')
    expect(box.take()).toMatchObject([{ id: '1', items: [], brands: 'Acme' }])
  })
})

it('keeps boxes that it cannot read until everything is forgotten', () => {
  for (const [n, text] of ['{', 'null', '[]', '2\x1dx', ''].entries()) storage[`nearside:outbox:${n}`] = text
  const box = outbox('a')
  box.recover()
  expect(box.take()).toEqual([])
  expect(Object.keys(storage)).toHaveLength(5)
  box.clear()
  expect(Object.keys(storage)).toEqual([])
})

it('keeps every field of an event, whatever other scripts have done to JSON and arrays', () => {
  const full: WireEvent = {
    id: 'page-1',
    name: 'select_item',
    time: 1_764_000_000_000,
    items: [{ item_id: 'a', price: 12.5, quantity: 2, position: 0 }, { item_id: 'ü "b",\u2028' }],
    query: 'red shoes',
    slot: 'home',
    requestId: 'page-0',
  }
  const likes = {
    categories: new Set(['Home, Garden', 'Lamps']),
    brands: ['Ay & Bee'],
    items: ['b'],
    price: { min: 0, max: '9.5' },
  }
  Object.assign(Array.prototype, { toJSON: () => 'an array' })
  vi.stubGlobal('JSON', { stringify: () => '{}', parse: () => null })
  try {
    const box = outbox('a')
    box.add(full)
    box.add(toWire('2', 'prefer', likes)!)
    box.save()
    const next = outbox('b')
    next.recover()
    expect(validateEvents(next.take()).events).toEqual([
      full,
      {
        id: '2',
        name: 'prefer',
        time: expect.any(Number),
        items: [{ item_id: 'b' }],
        prefer: { categories: ['Home, Garden', 'Lamps'], brands: ['Ay & Bee'], price: { min: 0, max: 9.5 } },
      },
    ])
  } finally {
    delete (Array.prototype as { toJSON?: unknown }).toJSON
  }
})
