import { expect, test } from 'vitest'
import { createSettings } from './settings.js'

test('a call wins over its slot, and a slot over the shop', () => {
  const settingsOf = createSettings({ ranking: { reasons: true }, slots: { cart: { reasons: false } } })
  expect(settingsOf({ slot: 'home' })).toEqual({ reasons: true })
  expect(settingsOf({ slot: 'cart' })).toEqual({ reasons: false })
  expect(settingsOf({ slot: 'cart', ranking: { reasons: true } })).toEqual({ reasons: true })
})

test('what is undefined says nothing, and names of Object.prototype are no slots', () => {
  const settingsOf = createSettings({ ranking: { reasons: true }, slots: { cart: { reasons: undefined } } })
  expect(settingsOf({ slot: 'cart' })).toEqual({ reasons: true })
  expect(settingsOf({ slot: 'constructor' })).toEqual({ reasons: true })
})
