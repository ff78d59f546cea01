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

test('what is wrong about variety and exploration is ignored, and told once', () => {
  const told: string[] = []
  const settingsOf = createSettings(
    { ranking: { variety: 0.3, explore: { positions: 2 } } },
    (message) => void told.push(message),
  )
  const wrong = { variety: 2, explore: { positions: 99 } }
  for (let n = 0; n < 2; n++)
    expect(settingsOf({ slot: 'home', ranking: wrong })).toMatchObject({
      variety: 0.3,
      explore: { positions: 2 },
    })
  expect(told).toEqual([
    'the call: variety is 2, expected a number from 0 to 1. The setting is ignored.',
    'the call: explore.positions is 99, expected a whole number from 1 to 5. The setting is ignored.',
  ])
  const off = { variety: false, explore: false as const }
  expect(settingsOf({ slot: 'home', ranking: off })).toMatchObject(off)
  const whole = {
    variety: { strength: 1, method: 'dpp' as const, attributes: ['brand'], calibrate: 0.5 },
    explore: { positions: 1, from: 10, least: 0.02, floor: 1, where: { attribute: 'brand', is: 'new' } },
  }
  expect(settingsOf({ slot: 'home', ranking: whole })).toMatchObject(whole)
  expect(told).toHaveLength(2)
})
