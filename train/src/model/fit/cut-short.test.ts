import { expect, test } from 'vitest'
import { logOf } from '../../../fixtures/visits.js'
import { furthest } from './cut-short.js'
import type { Fitted } from './fitted.js'

const log = logOf([0, 1], [0, 2], 2)
const trained = (done: number) => ({ fitted: { done } as Fitted, log })

test('the last training is used if it is nearly complete; otherwise the first one is', () => {
  const first = trained(1)
  expect(furthest(first, trained(1)).cutShort).toBeUndefined()
  expect(furthest(first, trained(0.9)).cutShort).toEqual({ phase: 'training', done: 0.9 })
  expect(furthest(first, trained(0.3))).toEqual({
    trained: first,
    cutShort: { phase: 'validation', done: 1 },
  })
  expect(furthest(first, null)).toEqual({ trained: first, cutShort: { phase: 'validation', done: 1 } })
})

test('without a first training, the last one is used however far it came', () => {
  expect(furthest(undefined, trained(0.1)).cutShort).toEqual({ phase: 'training', done: 0.1 })
})
