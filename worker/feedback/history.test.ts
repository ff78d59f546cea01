import { expect, test } from 'vitest'
import type { EventName, WireEvent } from '../protocol.js'
import { currentSession, profile, visitStart } from './history.js'
import { relativeToView, STRENGTHS } from './signals.js'
import { lessLike } from './unwanted.js'

const NOW = Date.UTC(2025, 5, 1)
const MINUTE = 60_000
const DAY = 86_400_000

/** Events, each given as seconds before now, name and items. */
function events(...acts: [secondsAgo: number, name: EventName, ...items: string[]][]): WireEvent[] {
  return acts.map(([ago, name, ...items], i) => ({
    id: `e${i}`,
    name,
    time: NOW - ago * 1000,
    items: items.map((item_id) => ({ item_id })),
  }))
}
const weights = (log: WireEvent[]) => currentSession(log, NOW).map(({ id, weight }) => [id, weight])

test('a visit ends after 30 idle minutes, before an event or before now', () => {
  const log = events([7200, 'view_item', 'a'], [1700, 'view_item', 'b'], [10, 'view_item', 'c'])
  expect(visitStart(log, NOW)).toBe(1)
  expect(visitStart(log, NOW + 29 * MINUTE)).toBe(1)
  expect(visitStart(log, NOW + 31 * MINUTE)).toBe(3)
  expect(currentSession(log, NOW + 31 * MINUTE)).toEqual([])
})

test('only events that show interest are steps, one step for each item', () => {
  const log = events(
    [100, 'view_item_list', 'x', 'y'],
    [90, 'add_to_cart', 'a'],
    [80, 'remove_from_cart', 'a'],
    [70, 'less_like_this', 'b'],
    [60, 'view_search_results'],
    [50, 'purchase', 'c', 'd'],
  )
  expect(currentSession(log, NOW)).toEqual([
    { id: 'a', weight: relativeToView(0.7), time: NOW - 90_000 },
    { id: 'c', weight: 5, time: NOW - 50_000 },
    { id: 'd', weight: 5, time: NOW - 50_000 },
  ])
})

test('a click on a product and the view of its page are one step', () => {
  const log = events([60, 'select_item', 'a'], [58, 'view_item', 'a'], [50, 'view_item', 'b'])
  expect(weights(log)).toEqual([
    ['a', 1],
    ['b', 1],
  ])
})

test('a view that a page reports twice is one step; coming back later is another step', () => {
  const log = events(
    [90, 'view_item', 'a'],
    [89, 'view_item', 'a'],
    [70, 'view_item', 'b'],
    [60, 'view_item', 'a'],
  )
  expect(weights(log).map(([id]) => id)).toEqual(['a', 'b', 'a'])
})

test('a long view counts double, a bounce a quarter', () => {
  const log = events([100, 'view_item', 'long'], [60, 'view_item', 'bounced'], [57, 'view_item', 'last'])
  expect(weights(log)).toEqual([
    ['long', 2],
    ['bounced', 0.25],
    ['last', 1],
  ])
})

test('buying at once is not a bounce, nor is a list that comes into view', () => {
  expect(weights(events([60, 'view_item', 'a'], [57, 'add_to_cart', 'a']))[0]).toEqual(['a', 1])
  expect(weights(events([60, 'view_item', 'a'], [57, 'view_item_list', 'x', 'y']))[0]).toEqual(['a', 1])
})

test('a clock that jumps back does not end a visit and makes no bounce', () => {
  const log = events([100, 'view_item', 'a'], [5000, 'view_item', 'b'], [4990, 'view_item', 'c'])
  expect(currentSession(log, NOW - 4980_000).map(({ id, weight }) => [id, weight])).toEqual([
    ['a', 1],
    ['b', 1],
    ['c', 1],
  ])
})

test('the profile covers earlier visits, halves in 30 days, and negative events subtract', () => {
  const log = events(
    [(30 * DAY) / 1000, 'purchase', 'bought'],
    [DAY / 1000 + 3, 'add_to_cart', 'kept', 'dropped'],
    [DAY / 1000 + 2, 'remove_from_cart', 'dropped'],
    [DAY / 1000 + 1, 'view_item_list', 'shown'],
    [DAY / 1000, 'less_like_this', 'unwanted'],
    [10, 'purchase', 'running visit'],
  )
  const interests = profile(log, NOW)
  expect(interests.map(({ id }) => id)).toEqual(['kept', 'bought', 'dropped'])
  expect(interests[1]!.strength).toBeCloseTo(0.5, 5)
  expect(interests[2]!.strength).toBeCloseTo(0.4 * 2 ** (-1 / 30), 4)
})

test('the profile has a maximum length', () => {
  const log = events(
    ...Array.from({ length: 300 }, (_, i): [number, EventName, string] => [9000, 'purchase', `i${i}`]),
  )
  expect(profile(log, NOW)).toHaveLength(200)
})

test('a returned item is unwanted until it is chosen again', () => {
  const log = events(
    [50, 'less_like_this', 'a', 'b'],
    [40, 'refund', 'c', 'd'],
    [30, 'purchase', 'd'],
    [20, 'view_item', 'a'],
  )
  expect([...lessLike(log)]).toEqual(['a', 'b', 'c'])
})

test('where the page tells how long an item was visible, that counts, and not the time until the next event', () => {
  const engaged = (item: string, visible: number): WireEvent => ({
    id: `engaged ${item} ${visible}`,
    name: 'user_engagement',
    time: NOW - 40_000,
    items: [{ item_id: item }],
    visible,
  })
  // A minute passes, but the tab was in the background.
  const away = [...events([100, 'view_item', 'a']), engaged('a', 8000), ...events([40, 'view_item', 'b'])]
  expect(weights(away)[0]).toEqual(['a', 1])
  // Looked at twice for twenty seconds, and the report comes after the next view.
  const long = [...events([100, 'view_item', 'a']), engaged('a', 20_000), ...events([98, 'view_item', 'b'])]
  expect(weights([...long, engaged('a', 20_001)])[0]).toEqual(['a', 2])
  const left = [...events([100, 'view_item', 'a']), engaged('a', 2000), ...events([40, 'view_item', 'b'])]
  expect(weights(left)[0]).toEqual(['a', 0.25])
  expect(weights(left.slice(0, 2))[0]).toEqual(['a', 1])
})

test('a shop may weigh signals in its own way', () => {
  const log = events([60, 'view_item', 'a'], [50, 'add_to_cart', 'a'])
  const steps = currentSession(log, NOW, { ...STRENGTHS, view_item: 0.1, add_to_cart: 0.3 })
  expect(steps.map(({ weight }) => Number(weight.toFixed(6)))).toEqual([1, 3])
})
