import { expect, test } from 'vitest'
import { random } from '../../maths/random.js'
import { negatives } from './negatives.js'

test('a small catalogue is used whole, without items that are never a target', () => {
  const { draw } = negatives([3, 0, 1], 10, 10, 0.5)
  const tokens = new Int32Array(3)
  const correction = new Float32Array(3).fill(9)
  expect(draw(random(1), tokens, correction)).toBe(2)
  expect(Array.from(tokens.subarray(0, 2))).toEqual([0, 2])
  expect(Array.from(correction.subarray(0, 2))).toEqual([0, 0])
})

test('sums over samples are right on average', () => {
  const counts = Array.from({ length: 200 }, (_, i) => 1 + ((i * 37) % 100))
  const source = negatives(counts, 40, 0, 0.25)
  const tokens = new Int32Array(source.most)
  const correction = new Float32Array(source.most)
  const uniform = random(4)
  // Any function of the item: its sum over the catalogue, estimated from samples.
  const value = (token: number) => 1 + (token % 7)
  const expected = counts.reduce((sum, _, token) => sum + value(token), 0)
  let total = 0
  const rounds = 2000
  for (let round = 0; round < rounds; round++) {
    const n = source.draw(uniform, tokens, correction)
    expect(new Set(tokens.subarray(0, n)).size).toBe(n)
    for (let i = 0; i < n; i++) total += value(tokens[i]!) * Math.exp(correction[i]!)
  }
  expect(total / rounds / expected).toBeCloseTo(1, 1.7)
})
