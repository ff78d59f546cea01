import { expect, it } from 'vitest'
import { exp } from './exp.js'

it('agrees with the platform to 13 digits', () => {
  for (let x = -690; x < 690; x += 0.37) expect(exp(x) / Math.exp(x)).toBeCloseTo(1, 12)
  expect(exp(0)).toBe(1)
})

it('stays finite where e^x would not', () => {
  expect(exp(-1e9)).toBe(0)
  expect(exp(-Infinity)).toBe(0)
  expect(Number.isFinite(exp(1e9))).toBe(true)
})
