import { expect, test } from 'vitest'
import { logOf } from '../../../fixtures/visits.js'
import { furthest } from './cut-short.js'
import type { Fitted } from './fitted.js'

const log = logOf([0, 1], [0, 2], 2)
const trained = (done: number) => ({ fitted: { done } as Fitted, log })

test('a last training counts when it is complete or nearly so; else the one before it does', () => {
  const first = trained(1)
  expect(furthest(first, trained(1)).cutShort).toBeUndefined()
  expect(furthest(first, trained(0.9)).cutShort).toEqual({ phase: 'training', done: 0.9 })
  expect(furthest(first, trained(0.3))).toEqual({
    trained: first,
    cutShort: { phase: 'validation', done: 1 },
  })
  expect(furthest(first, null)).toEqual({ trained: first, cutShort: { phase: 'validation', done: 1 } })
})

test('where there was nothing to validate on, the last training is all there is', () => {
  expect(furthest(undefined, trained(0.1)).cutShort).toEqual({ phase: 'training', done: 0.1 })
})
