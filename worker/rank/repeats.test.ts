import { expect, test } from 'vitest'
import { HABITS, repeatsOf, repeatTerm } from './repeats.js'

const steps = (...rows: number[]) => rows.map((row) => ({ row }))

test('lists the items of a session, the latest first, with the kind of session by its repeats', () => {
  // The last step is a repeat; an earlier one was none.
  expect([...repeatsOf(steps(7, 8, 7))]).toEqual([
    [7, [0, 4 * 2 + 2, 17]],
    [8, [1, 4 * 2 + 2, 16]],
  ])
  // The last is none, an earlier one was.
  expect(repeatsOf(steps(7, 7, 8)).get(8)).toEqual([0, 4 * 2 + 1, 16])
  expect(repeatsOf(steps(7, 7, 7)).get(7)).toEqual([0, 4 * 2 + 3, 18])
  expect(repeatsOf(steps(7, 8)).get(7)).toEqual([1, 4, 16])
  expect(repeatsOf(steps(7, 7, 7, 7, 7)).get(7)).toEqual([0, 4 * 3 + 3, 18])
  expect(repeatsOf([]).size).toBe(0)
})

test('terms add up; the last recency term counts for all items seen longer ago', () => {
  const blend = { repeat: Float32Array.of(1, 2), habit: new Float32Array(HABITS) }
  blend.habit[5] = 0.5
  blend.habit[18] = 0.25
  expect(repeatTerm(blend, [9, 5, 18])).toBe(2.75)
  expect(repeatTerm(blend, [0, 0, 16])).toBe(1)
  blend.repeat = new Float32Array(0)
  expect(repeatTerm(blend, [0, 5, 16])).toBe(0.5)
})
