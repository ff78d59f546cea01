import { expect, test } from 'vitest'
import { createSettings } from './settings.js'

test('a call wins over its slot, and a slot over the shop', () => {
  const settingsOf = createSettings({ ranking: { reasons: true }, slots: { cart: { reasons: false } } })
  expect(settingsOf({ slot: 'home' })).toMatchObject({ reasons: true })
  expect(settingsOf({ slot: 'cart' })).toMatchObject({ reasons: false })
  expect(settingsOf({ slot: 'cart', ranking: { reasons: true } })).toMatchObject({ reasons: true })
})

test('what is undefined says nothing, and names of Object.prototype are no slots', () => {
  const settingsOf = createSettings({ ranking: { reasons: true }, slots: { cart: { reasons: undefined } } })
  expect(settingsOf({ slot: 'cart' })).toMatchObject({ reasons: true })
  expect(settingsOf({ slot: 'constructor' })).toMatchObject({ reasons: true })
})
