import { expect, test } from 'vitest'
import { isPersonal, words } from './reasons.js'

test('what is merely popular, or in the shop’s own order, is not personal', () => {
  expect(isPersonal({ reasons: [{ code: 'popular' }] })).toBe(false)
  expect(isPersonal({ reasons: [{ code: 'shop' }] })).toBe(false)
  expect(isPersonal({ reasons: [] })).toBe(false)
  expect(isPersonal({ reasons: [{ code: 'seen-with' }] })).toBe(true)
  expect(isPersonal({ reasons: [{ code: 'popular' }, { code: 'taste' }] })).toBe(true)
})

test('a list from the stub, which has no reasons, has no words either', async () => {
  expect(isPersonal({})).toBe(false)
  expect(await words(undefined)).toBe('')
})

test('the strongest reason decides the words', async () => {
  expect(await words([{ code: 'popular', weight: 1 }])).toBe('Popular here')
  expect(await words([{ code: 'shop', weight: 1 }])).toBe('')
  expect(
    await words([
      { code: 'again', weight: 0.9 },
      { code: 'popular', weight: 0.1 },
    ]),
  ).toBe('You looked at this before')
  expect(await words([{ code: 'taste', weight: 1 }])).toBe('Like what you chose before')
})
