import { expect, test } from 'vitest'
import { EVENT_NAMES, isStep, relativeToView, signalOf, strengthOf } from './signals.js'

test.each([
  ['click', 'select_item'],
  ['clicks', 'select_item'],
  ['view', 'view_item'],
  ['cart', 'add_to_cart'],
  ['carts', 'add_to_cart'],
  ['addtocart', 'add_to_cart'],
  ['Add To Cart', 'add_to_cart'],
  ['buy', 'purchase'],
  ['orders', 'purchase'],
  ['transaction', 'purchase'],
  ['favourite', 'add_to_wishlist'],
  ['return', 'refund'],
  ['view_search_results', 'view_search_results'],
])('a log that says %s means %s', (word, name) => {
  expect(signalOf(word)).toBe(name)
})

test('every GA4 name means itself; an unknown or inherited word means nothing', () => {
  for (const name of EVENT_NAMES) expect(signalOf(name)).toBe(name)
  for (const word of ['', 'session_start', 'constructor', '__proto__', '1'])
    expect(signalOf(word)).toBeUndefined()
})

test('a view weighs 1 for the encoder, a purchase five times as much', () => {
  expect(relativeToView(strengthOf('view_item'))).toBe(1)
  expect(relativeToView(strengthOf('purchase'))).toBe(5)
})

test('only events that show interest are steps of a session', () => {
  expect([...EVENT_NAMES].filter(isStep).sort()).toEqual([
    'add_to_cart',
    'add_to_wishlist',
    'purchase',
    'select_item',
    'view_item',
  ])
})
