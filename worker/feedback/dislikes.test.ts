import { expect, test } from 'vitest'
import type { EventName, WireEvent } from '../protocol.js'
import { dislikes } from './dislikes.js'
import { currentSession, profile } from './history.js'
import { STRENGTHS } from './signals.js'
import { lessLike } from './unwanted.js'

const NOW = Date.UTC(2025, 5, 1)
const DAY = 86_400

/** Events, each given as seconds before now, name and items. */
function events(...acts: [secondsAgo: number, name: EventName, ...items: string[]][]): WireEvent[] {
  return acts.map(([ago, name, ...items], i) => ({
    id: `e${i}`,
    name,
    time: NOW - ago * 1000,
    items: items.map((item_id) => ({ item_id })),
  }))
}
const amounts = (log: WireEvent[], strengths = STRENGTHS) =>
  Object.fromEntries(dislikes(log, NOW, strengths).map(({ id, amount }) => [id, Number(amount.toFixed(3))]))

test('refusals, returns, removals and bounces speak against an item, each by its strength', () => {
  const log = events(
    [100, 'less_like_this', 'refused'],
    [90, 'refund', 'returned'],
    [80, 'remove_from_cart', 'removed'],
    [60, 'view_item', 'left at once'],
    [57, 'view_item', 'looked at'],
  )
  expect(amounts(log)).toEqual({ refused: 1, returned: 1, removed: 0.3, 'left at once': 0.2 })
  expect(amounts(log, { ...STRENGTHS, remove_from_cart: -0.5, bounce: 0 })).toMatchObject({ removed: 0.5 })
})

test('what speaks against an item adds up to 1 at most, and halves in 30 days', () => {
  const removed = (ago: number) => [ago, 'remove_from_cart', 'a'] as [number, EventName, string]
  expect(amounts(events(removed(3), removed(2)))).toEqual({ a: 0.6 })
  expect(amounts(events(removed(5), removed(4), removed(3), removed(2)))).toEqual({ a: 1 })
  expect(amounts(events([30 * DAY, 'less_like_this', 'a']))).toEqual({ a: 0.5 })
})

test('who puts a refused item into the basket after all wants it', () => {
  expect(amounts(events([50, 'less_like_this', 'a'], [40, 'add_to_cart', 'a']))).toEqual({})
  expect(amounts(events([50, 'add_to_cart', 'a'], [40, 'remove_from_cart', 'a']))).toEqual({ a: 0.3 })
})

test('an item that is shown again and again and left alone counts as ignored, up to a limit', () => {
  const shows = (times: number) =>
    Array.from({ length: times }, (_, n): [number, EventName, string] => [9 - n / 10, 'view_item_list', 'a'])
  expect(amounts(events(...shows(2)))).toEqual({})
  expect(amounts(events(...shows(4)))).toEqual({ a: 0.1 })
  expect(amounts(events(...shows(50)))).toEqual({ a: 0.3 })
  expect(amounts(events(...shows(4), [2, 'view_item', 'a']))).toEqual({})
  const oneList = events(...shows(4)).map((event) => ({ ...event, requestId: 'r1' }))
  expect(amounts(oneList)).toEqual({})
})

test('a refused item is neither a step of the visit nor an interest, until the refusal is taken back', () => {
  const early = events(
    [2 * DAY, 'purchase', 'a', 'b'],
    [2 * DAY - 1, 'less_like_this', 'a'],
    [90, 'view_item', 'c'],
    [60, 'view_item', 'd'],
    [50, 'less_like_this', 'c'],
  )
  const read = (log: WireEvent[]) => ({
    steps: currentSession(log, NOW).map(({ id }) => id),
    interests: profile(log, NOW).map(({ id }) => id),
    unwanted: [...lessLike(log)],
  })
  expect(read(early)).toEqual({ steps: ['d'], interests: ['b'], unwanted: ['a', 'c'] })
  const undo = events([40, 'undo_less_like_this', 'a', 'c'])
  const never = early.filter(({ name }) => name !== 'less_like_this')
  expect(read([...early, ...undo])).toEqual(read(never))
  expect(dislikes([...early, ...undo], NOW)).toEqual([])
  // A later refusal stands.
  expect(lessLike([...early, ...undo, ...events([30, 'less_like_this', 'c'])])).toEqual(new Set(['c']))
})

test('taking a dislike back does not take back a return', () => {
  const log = events([50, 'refund', 'a'], [40, 'less_like_this', 'a'], [30, 'undo_less_like_this', 'a'])
  expect(amounts(log)).toEqual({ a: 1 })
  expect([...lessLike(log)]).toEqual(['a'])
})
