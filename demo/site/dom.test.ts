import { expect, test } from 'vitest'
import { nextPlace } from './dom.js'

test('the keyboard stays at its entry, else goes to the next one, else to the last one', () => {
  expect(nextPlace('b', 1, ['a', 'b', 'c'])).toBe(1)
  expect(nextPlace('b', 1, ['new', 'a', 'b'])).toBe(2)
  expect(nextPlace('b', 1, ['a', 'c'])).toBe(1)
  expect(nextPlace('c', 2, ['a', 'b'])).toBe(1)
  expect(nextPlace('a', 0, [])).toBe(-1)
})
