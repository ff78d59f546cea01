import { expect, test } from 'vitest'
import type { WireEvent } from '../protocol.js'
import { DAY_MS, type Revision, within, withoutItem } from './log.js'

const NOW = Date.UTC(2025, 5, 1)
const view = (id: string, time: number, ...items: string[]): WireEvent => ({
  id,
  name: 'view_item',
  time,
  items: items.map((item_id) => ({ item_id })),
})
/** The events that a revision keeps, in order of arrival. */
const left = (events: WireEvent[], revision: Revision<WireEvent>) =>
  events
    .reverse()
    .flatMap((event) => revision(event) ?? [])
    .reverse()

test('forgetting an item takes it out of every event', () => {
  const events = [view('one', 1, 'a'), view('two', 2, 'a', 'b'), view('three', 3, 'b')]
  expect(left(events, withoutItem('a'))).toEqual([view('two', 2, 'b'), view('three', 3, 'b')])
})

test('preferences stay when an item of them is forgotten', () => {
  const prefer: WireEvent = { ...view('one', 1, 'a'), name: 'prefer', prefer: { brands: ['Ay'] } }
  expect(left([prefer], withoutItem('a'))).toEqual([{ ...prefer, items: [] }])
})

test('events beyond the days and beyond the count are deleted', () => {
  const events = [
    view('old', NOW - 2 * DAY_MS, 'a'),
    ...[1, 2, 3].map((n) => view(`${n}`, NOW - 10 + n, 'a')),
    view('old too', NOW - 2 * DAY_MS, 'a'),
  ]
  expect(left(events, within({ days: 1, events: 2 }, NOW)).map(({ id }) => id)).toEqual(['2', '3'])
})

test('after a fast clock is corrected, events stay in order of arrival', () => {
  const events = [
    view('before', NOW - 300, 'a'),
    view('ahead 1', NOW + 9 * DAY_MS, 'a'),
    view('ahead 2', NOW + 8 * DAY_MS, 'a'),
    view('after', NOW - 100, 'a'),
  ]
  const settled = left(events, within({ days: 1, events: 100 }, NOW))
  expect(settled.map(({ id, time }) => [id, time - NOW])).toEqual([
    ['before', -300],
    ['ahead 1', -100],
    ['ahead 2', -100],
    ['after', -100],
  ])
})
