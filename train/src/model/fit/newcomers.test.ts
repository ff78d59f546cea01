import { expect, test } from 'vitest'
import { introduced } from './newcomers.js'

test('what nobody has looked at yet is taken for less than the mean of all others; these stay as they are', () => {
  const bias = Float32Array.from([1, 2, 3, 9, 9])
  const rare = Uint8Array.from([0, 0, 0, 1, 1])
  const newcomers = Uint8Array.from([0, 0, 0, 1, 0])
  expect(Array.from(introduced(bias, rare, newcomers, 1.5))).toEqual([1, 2, 3, 0.5, 9])
})
