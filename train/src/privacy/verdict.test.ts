import { expect, test } from 'vitest'
import type { Roc } from './roc.js'
import { howOften } from './verdict.js'

const roc = (auc: [number, number, number], foundAt1: [number, number, number] = [0.01, 0, 0.02]): Roc => {
  const estimate = ([low, value, high]: [number, number, number]) => ({
    value,
    ci95: [low, high] as [number, number],
  })
  return {
    members: 100,
    outsiders: 100,
    auc: estimate(auc),
    foundAt1: estimate(foundAt1),
    foundAt01: estimate([0, 0, 0]),
  }
}

test('the headline follows the figure and its interval', () => {
  expect(howOften(roc([0.47, 0.5, 0.53])), 'chance').toContain('hardly better than guessing')
  expect(howOften(roc([0.45, 0.64, 0.8])), 'the interval includes chance').toContain('guessing')
  expect(howOften(roc([0.45, 0.52, 0.6], [0.0, 0.06, 0.13])), 'both include chance').toContain('guessing')
  expect(howOften(roc([0.53, 0.56, 0.59]))).toBe('Slightly better than guessing.')
  expect(howOften(roc([0.53, 0.56, 0.59], [0.05, 0.08, 0.1]))).toBe('For a few visits, yes.')
  expect(howOften(roc([0.49, 0.51, 0.53], [0.05, 0.08, 0.1]))).toBe('For a few visits, yes.')
  expect(howOften(roc([0.62, 0.66, 0.7]))).toBe('Often, yes.')
  expect(howOften(roc([0.9, 0.95, 0.97]))).toBe('Mostly, yes.')
})
