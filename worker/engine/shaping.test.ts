import { expect, test, vi } from 'vitest'
import { toy } from '../fixtures/toy.js'
import type { RankingSettings } from '../protocol.js'
import { createShaping } from './shaping.js'

function shaping() {
  const load = vi.fn(() => import('../shape/part.js'))
  return { load, shaped: createShaping({}, load, () => {}) }
}

test('the part that follows settings is loaded where something is set', async () => {
  const { load, shaped } = shaping()
  const ranking: RankingSettings = { variety: 0.5 }
  expect(await shaped.of({ slot: 'home', ranking }, toy())).toMatchObject({ settings: ranking })
  expect(load).toHaveBeenCalledTimes(1)
})

test.each([{}, { reasons: true }, { currency: 'EUR' }, { variety: undefined }, null])(
  '%j sets nothing, so no list depends on a further file',
  (ranking) => {
    const { load, shaped } = shaping()
    const made = shaped.of({ slot: 'home', ranking: ranking as RankingSettings }, toy())
    expect(made).toHaveProperty('settings.rules.length', 1)
    expect(load).not.toHaveBeenCalled()
  },
)

test('a pack with a second stage needs the part, and so does an explanation', async () => {
  const { load, shaped } = shaping()
  expect(await shaped.of({ slot: '' }, { ...toy(), stage: new Float32Array(3) })).toHaveProperty('shape')
  expect(await shaped.whole({ slot: '' }, toy())).toHaveProperty('explain')
  expect(load).toHaveBeenCalledTimes(1)
})
