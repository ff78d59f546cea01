import { expect, it } from 'vitest'
import { random } from '../maths/random.js'
import { crossFitted } from './logistic.js'
import { roc } from './roc.js'

const noise = (n: number, seed: number, shift = 0) => {
  const uniform = random(seed)
  return Float64Array.from({ length: n }, () => Math.round(20 * uniform()) + shift)
}

it('equals a comparison of every member with every outsider', () => {
  const members = noise(200, 1, 2)
  const outsiders = noise(300, 2)
  let wins = 0
  for (const m of members) for (const o of outsiders) wins += m > o ? 1 : m === o ? 0.5 : 0
  const { auc } = roc(members, outsiders, 1)
  expect(auc.value).toBeCloseTo(wins / (200 * 300), 10)
  expect(auc.ci95[0]).toBeLessThan(auc.value)
  expect(auc.ci95[1]).toBeGreaterThan(auc.value)
})

it('finds everybody if scores are separate, and is at chance if scores say nothing', () => {
  const apart = roc(noise(100, 1, 100), noise(100, 2), 1)
  expect([apart.auc.value, apart.foundAt1.value, apart.foundAt01.value]).toEqual([1, 1, 1])
  const blind = roc(new Float64Array(100), new Float64Array(100), 1)
  expect(blind.auc.value).toBe(0.5)
  expect(blind.foundAt1.value).toBeCloseTo(0.01)
  expect(blind.foundAt01.value).toBeCloseTo(0.001)
})

it('gives weight to signals that say something, and does not learn noise', () => {
  const rows = (seed: number, shift: number) => {
    const [a, b] = [noise(400, seed), noise(400, seed + 9)]
    return Array.from(a, (value, i) => [value, b[i]! + shift])
  }
  const judged = (shift: number) => {
    const scores = crossFitted(rows(1, shift), rows(2, 0))
    return roc(scores.subarray(0, 400), scores.subarray(400), 1).auc
  }
  expect(judged(20).value).toBeGreaterThan(0.95)
  expect(judged(0).value).toBeGreaterThan(0.4)
  expect(judged(0).value).toBeLessThan(0.6)
})

it('is not misled by signals that are nearly equal', () => {
  const rows = (seed: number, shift: number) => {
    const [a, b, c] = [noise(400, seed), noise(400, seed + 9), noise(400, seed + 18)]
    // Twenty signals that are nearly equal, and one that is rarely set but then huge.
    return Array.from(a, (value, i) => [
      ...Array.from({ length: 20 }, (_, n) => value + shift + 1e-5 * n * b[i]!),
      c[i]! > 19 ? 1e6 : 0,
    ])
  }
  const scores = crossFitted(rows(1, 8), rows(2, 0))
  const alone = roc(noise(400, 1, 8), noise(400, 2), 1).auc.value
  expect(roc(scores.subarray(0, 400), scores.subarray(400), 1).auc.value).toBeGreaterThan(alone - 0.02)
})
