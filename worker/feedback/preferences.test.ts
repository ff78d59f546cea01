import { expect, test } from 'vitest'
import type { WireEvent } from '../protocol.js'
import { preferred, searched } from './preferences.js'

const MINUTE = 60_000
const at = (minute: number, event: Partial<WireEvent>): WireEvent => ({
  id: `${minute}`,
  name: 'view_item',
  time: minute * MINUTE,
  items: [],
  ...event,
})

test('the last preferences replace those before', () => {
  const events = [
    at(0, { name: 'prefer', prefer: { categories: ['Lamps'], brands: ['Ay'] } }),
    at(1, { items: [{ item_id: 'a' }] }),
    at(2, { name: 'prefer', prefer: { price: { max: 20 } }, items: [{ item_id: 'b' }] }),
  ]
  expect(preferred(events.slice(0, 2))).toEqual({ categories: ['Lamps'], brands: ['Ay'], items: [] })
  expect(preferred(events)).toEqual({ price: { max: 20 }, items: ['b'] })
  expect(preferred([events[1]!])).toBeUndefined()
})

test('an item that was refused since is not preferred any more, unless that was taken back', () => {
  const items = [{ item_id: 'a' }, { item_id: 'b' }]
  const about = (minute: number, name: WireEvent['name'], id: string) =>
    at(minute, { name, items: [{ item_id: id }] })
  const events = [
    about(0, 'less_like_this', 'b'),
    at(1, { name: 'prefer', items }),
    about(2, 'less_like_this', 'a'),
    about(3, 'undo_less_like_this', 'a'),
  ]
  expect(preferred(events.slice(0, 2))?.items).toEqual(['a', 'b'])
  expect(preferred(events.slice(0, 3))?.items).toEqual(['b'])
  expect(preferred(events)?.items).toEqual(['a', 'b'])
})

test('a search counts in its own visit, and the last one of it', () => {
  const search = (minute: number, query: string) => at(minute, { name: 'view_search_results', query })
  const events = [search(0, 'lamp'), search(60, 'chair'), search(61, 'red chair'), at(62, {})]
  expect(searched(events, 70 * MINUTE)).toBe('red chair')
  expect(searched(events.slice(0, 1), 70 * MINUTE)).toBeUndefined()
})
