import { expect, test } from 'vitest'
import { STRENGTHS } from './signals.js'
import { checkedStrengths } from './strengths.js'

function check(given: unknown) {
  const told: string[] = []
  const strengths = checkedStrengths(given, (message) => told.push(message))
  return { strengths, told }
}

test('a shop changes what it names, and the rest stays', () => {
  const { strengths, told } = check({ purchase: 0.9, bounce: 0, dwell: 0.3 })
  expect(strengths).toEqual({ ...STRENGTHS, purchase: 0.9, bounce: 0, dwell: 0.3 })
  expect(told).toEqual([])
  expect(check(undefined)).toEqual({ strengths: STRENGTHS, told: [] })
})

test.each([
  [{ buy: 1 }, 'there is no signal buy'],
  [JSON.parse('{"__proto__": 1}'), 'there is no signal __proto__'],
  [{ view_item: 0 }, 'view_item is 0, expected 0.01 to 1'],
  [{ purchase: 7 }, 'purchase is 7, expected 0.01 to 1'],
  [{ refund: 0.5 }, 'refund is 0.5, expected -1 to 0'],
  [{ dwell: '0.4' }, 'dwell is "0.4", expected 0.01 to 1'],
  [{ user_engagement: 0.1 }, 'user_engagement is 0.1, expected 0 to 0'],
  [{ view_item: {} }, 'view_item is of type object, expected 0.01 to 1'],
])('%j is ignored, and the shop is told', (given, message) => {
  const { strengths, told } = check(given)
  expect(strengths).toEqual(STRENGTHS)
  expect(told.join()).toContain(message)
})

test('a number without limits is no strength', () => {
  expect(check({ view_item: 5n }).told).toEqual([expect.stringContaining('view_item is of type bigint')])
  expect(check({ view_item: Number.NaN }).told).toEqual([expect.stringContaining('view_item is NaN')])
})
