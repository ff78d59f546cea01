/** The fitted baselines against slow and obvious versions, and against what their fits must find. */
import { describe, expect, test } from 'vitest'
import { normal, random } from '../model/random.js'
import { factorise, foldIn } from './factorise.js'
import { factorBaseline } from './factors.js'
import { inverse } from './memberships.js'
import { fitRepeat, type RepeatQuestion, repeatQuestion, withRepeat } from './repeat.js'

describe('repeat layer', () => {
  test('finds the factors that answers were drawn with', () => {
    const uniform = random(5)
    const truth = [-2, 1, 0.5]
    const questions = Array.from({ length: 6000 }, (): RepeatQuestion => {
      const seen = new Float64Array(10)
      truth.forEach((_, k) => {
        seen[k] = uniform()
      })
      const shares = truth.map((r, k) => seen[k]! * Math.exp(r))
      const rest = 2 * uniform()
      let draw = uniform() * (rest + shares.reduce((a, b) => a + b))
      const target = shares.findIndex((share) => {
        draw -= share
        return draw < 0
      })
      return { seen, rest, target }
    })
    const r = fitRepeat(questions)
    truth.forEach((value, k) => {
      expect(r[k]!).toBeCloseTo(value, 0)
      expect(Math.abs(r[k]! - value)).toBeLessThan(0.25)
    })
    // Nothing was ever seen so long ago.
    expect(r[5]).toBe(0)
  })

  test('moves only what the session has seen, by how long ago', () => {
    const scores = new Map([
      [1, 4],
      [2, 3],
      [3, 2],
      [4, 1],
    ])
    const items = Int32Array.of(2, 9, 1, -1, 1)
    expect(repeatQuestion(scores, items, 2)).toMatchObject({ rest: 3, target: 2 })
    expect(repeatQuestion(scores, items, 4).target).toBe(-1)
    const r = new Float64Array(10)
    r[0] = Math.log(0.1)
    r[2] = Math.log(2)
    const layered = withRepeat('layered', () => new Map(scores), r)
    // 2 has 6, 3 has 2, 4 has 1, 1 has .4.
    expect([2, 3, 4, 1].map((target) => layered.rank(items, target))).toEqual([1, 2, 3, 4])
    expect(layered.rank(items, 9)).toBe(0)
  })
})

describe('matrix factorisation', () => {
  const uniform = random(8)
  /** Sessions that stay in one of three halls of ten items. */
  const sets = Array.from({ length: 400 }, () => {
    const hall = 10 * Math.floor(3 * uniform())
    return [...new Set(Array.from({ length: 3 }, () => hall + Math.floor(10 * uniform())))]
  })
  const starts = [0]
  for (const set of sets) starts.push(starts.at(-1)! + set.length)
  const sessions = { starts: Uint32Array.from(starts), values: Uint32Array.from(sets.flat()) }
  const settings = { dim: 3, unseen: 0.1, lambda: 0.03 }

  test("puts the items of the session's own hall first", async () => {
    const factors = await factorise(sessions, inverse(sessions, 30), settings)
    const baseline = factorBaseline(factors, 0.7, true)
    for (const hall of [0, 10, 20]) {
      for (let item = hall; item < hall + 10; item++) {
        expect(baseline.rank(Int32Array.of(hall + 2, -1, hall + 5), item)).toBeLessThanOrEqual(10)
      }
    }
    const anew = factorBaseline(factors, 0.7, false)
    const places = Array.from({ length: 30 }, (_, item) => anew.rank(Int32Array.of(2, 5), item))
    expect(places.filter((place) => place > 0).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 28 }, (_, i) => i + 1),
    )
    expect([places[2], places[5]]).toEqual([0, 0])
    expect(baseline.rank(Int32Array.of(-1), 3)).toBe(0)
    expect(baseline.rank(Int32Array.of(3), -1)).toBe(0)
  })

  test('folds a session in as the least squares of its definition', () => {
    // Any factors in the basis where what all sessions have in common is the identity.
    const items = Float64Array.from({ length: 30 * 4 }, () => normal(uniform))
    const rows = [3, 17, 5, 9, 21, 2]
    const weights = [1, 0.7, 0.5, 0.3, 0.2, 0.1]
    const z = foldIn({ dim: 4, items }, rows, weights)
    const y = (row: number) => items.subarray(4 * row, 4 * row + 4)
    const product = (row: number) => y(row).reduce((sum, value, d) => sum + value * z[d]!, 0)
    // The gradient of |z|^2 + sum of weight (1 - y.z)^2 is nought.
    for (let d = 0; d < 4; d++) {
      const slope = rows.reduce((sum, row, j) => sum - weights[j]! * (1 - product(row)) * y(row)[d]!, z[d]!)
      expect(slope).toBeCloseTo(0, 4)
    }
  })

  test('is the same at every run', async () => {
    const [first, second] = [
      await factorise(sessions, inverse(sessions, 30), settings),
      await factorise(sessions, inverse(sessions, 30), settings),
    ]
    expect(first.items).toEqual(second.items)
  })
})
