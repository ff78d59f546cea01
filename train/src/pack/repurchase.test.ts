import { expect, test } from 'vitest'
import type { Interactions } from '../data/interactions.js'
import { repurchaseDays } from './repurchase.js'

const DAY = 86_400

interface Act {
  user: number
  row: number
  day: number
  view?: boolean
}

/** A log with a session for each act, in the order of time. */
function logOf(acts: Act[], change: Partial<Interactions> = {}): Interactions {
  const sorted = [...acts].sort((a, b) => a.day - b.day)
  return {
    ids: ['coffee', 'fridge', 'tea'],
    offsets: Uint32Array.from({ length: sorted.length + 1 }, (_, s) => s),
    rows: Uint32Array.from(sorted, ({ row }) => row),
    weights: new Float32Array(sorted.length).fill(1),
    bought: Uint8Array.from(sorted, ({ view }) => Number(!view)),
    times: Float64Array.from(sorted, ({ day }) => 1.7e9 + day * DAY),
    users: Int32Array.from(sorted, ({ user }) => user),
    time: 'real',
    ...change,
  }
}

/** So many people buy an item, and again after so many days. */
const people = (days: number[], row: number, first = 0): Act[] =>
  days.flatMap((day, n) => [
    { user: first + n, row, day: 0 },
    { user: first + n, row, day },
  ])

test('the cycle is what three of four buyers wait at least', () => {
  expect([...repurchaseDays(logOf(people([5, 10, 11, 12], 0)), undefined, 3)!]).toEqual([10, 0, 0])
})

test('cycles of more than two weeks are whole weeks', () => {
  expect(repurchaseDays(logOf(people([29, 30, 31, 33], 0)), undefined, 3)![0]).toBe(28)
})

test('fewer people than k say nothing, however often they buy', () => {
  const often = [0, 10, 20, 30, 40].map((day) => ({ user: 1, row: 0, day }))
  expect([...repurchaseDays(logOf([...often, ...people([10], 0, 5)]), undefined, 3)!]).toEqual([0, 0, 0])
})

test('an item gets the cycle of its category, where that has enough people', () => {
  const days = repurchaseDays(
    logOf([...people([10, 10, 10], 0), { user: 9, row: 2, day: 0 }]),
    ['drinks', 'kitchen', 'drinks'],
    3,
  )
  expect([...days!]).toEqual([10, 0, 10])
})

test('where hardly anybody comes back, there is no cycle', () => {
  const once = Array.from({ length: 100 }, (_, n) => ({ user: 100 + n, row: 1, day: 0 }))
  expect(repurchaseDays(logOf([...once, ...people([300, 300, 300], 1)]), undefined, 3)![1]).toBe(0)
})

test('views, unknown people and two purchases on one day do not count', () => {
  const acts = [
    ...people([10, 10, 10], 0).map((act) => ({ ...act, view: true })),
    ...people([10, 10, 10], 1, -20),
    ...people([0.1, 0.1, 0.1], 2, 20),
  ]
  expect([...repurchaseDays(logOf(acts), undefined, 3)!]).toEqual([0, 0, 0])
})

test('a log without people or times has no cycles', () => {
  expect(repurchaseDays(logOf(people([10, 10, 10], 0), { users: null }), undefined, 3)).toBeUndefined()
  expect(repurchaseDays(logOf(people([10, 10, 10], 0), { time: 'order' }), undefined, 3)).toBeUndefined()
})
