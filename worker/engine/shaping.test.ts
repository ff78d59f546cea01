import { expect, test, vi } from 'vitest'
import type { RankingSettings } from '../protocol.js'
import { createShaping } from './shaping.js'

function shaping() {
  const load = vi.fn(() => import('../shape/part.js'))
  return { load, shapingOf: createShaping({}, load, () => {}) }
}

test('the part that follows settings is loaded where something is set', async () => {
  const { load, shapingOf } = shaping()
  const ranking: RankingSettings = { variety: 0.5 }
  expect(await shapingOf({ slot: 'home', ranking }, undefined)).toMatchObject({ settings: ranking })
  expect(load).toHaveBeenCalledTimes(1)
})

test.each([{}, { reasons: true }, { currency: 'EUR' }, { variety: undefined }, null])(
  '%j sets nothing, so no list depends on a further file',
  (ranking) => {
    const { load, shapingOf } = shaping()
    const shaped = shapingOf({ slot: 'home', ranking: ranking as RankingSettings }, undefined)
    expect(shaped).toHaveProperty('settings.rules.length', 1)
    expect(load).not.toHaveBeenCalled()
  },
)
