import { expect, test } from 'vitest'
import { introduced } from './newcomers.js'

test('items without a history get a bias below the mean of the others; the others keep theirs', () => {
  const bias = Float32Array.from([1, 2, 3, 9, 9])
  const rare = Uint8Array.from([0, 0, 0, 1, 1])
  const newcomers = Uint8Array.from([0, 0, 0, 1, 0])
  expect(Array.from(introduced(bias, rare, newcomers, 1.5))).toEqual([1, 2, 3, 0.5, 9])
})
