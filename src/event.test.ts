import { expect, it } from 'vitest'
import { toWire } from './event.js'

it("takes GA4's fields as texts or numbers, and leaves the rest on the page", () => {
  const event = toWire('1', 'add_to_cart', {
    currency: 'EUR',
    items: [
      { item_id: 'sku1', item_name: 'Lamp', price: '12.50', quantity: 2, index: 3 },
      { item_id: 42, price: 'free', quantity: Number.NaN },
    ],
    item_list_id: 'home',
  })
  expect(event).toEqual({
    id: '1',
    name: 'add_to_cart',
    time: expect.any(Number),
    items: [{ item_id: 'sku1', price: 12.5, quantity: 2, position: 3 }, { item_id: '42' }],
    slot: 'home',
  })
})

it('takes the list of an event under our name and under GA4’s', () => {
  const items = [{ item_id: 'a', item_list_id: 'cart' }]
  expect(toWire('1', 'select_item', { items, requestId: 'r1' })).toMatchObject({
    slot: 'cart',
    requestId: 'r1',
  })
  expect(toWire('1', 'select_item', { items, item_list_id: 'home' })).toMatchObject({ slot: 'home' })
})

it('gives a purchase the same id each time it is sent', () => {
  const bought = { items: [{ item_id: 'a' }], transaction_id: 7 }
  expect(toWire('1', 'purchase', bought)?.id).toBe(toWire('2', 'purchase', bought)?.id)
  expect(toWire('1', 'purchase', { ...bought, transaction_id: '' })?.id).toBe('1')
  expect(toWire('1', 'refund', bought)?.id).toBe('1')
})

it('takes searches under both names', () => {
  expect(toWire('1', 'view_search_results', { search_term: 'lamp' })).toMatchObject({
    query: 'lamp',
    items: [],
  })
  expect(toWire('1', 'view_search_results', { query: 'lamp' })).toMatchObject({ query: 'lamp' })
})

it('drops an event without items or search terms, and anything that is not an event', () => {
  expect(toWire('1', 'page_view', undefined)).toBeUndefined()
  expect(toWire('1', { event: 'view_item' }, { items: [{ item_id: 'a' }] })).toBeUndefined()
  for (const nonsense of [null, 7, 'items', { items: 7 }, { items: null, query: Symbol('a') }]) {
    expect(toWire('1', 'view_item', nonsense)).toBeUndefined()
  }
  expect(toWire('1', 'view_item', { items: [{} as never, null as never] })).toBeUndefined()
})
