/** The fitted baselines, compared with slow and obvious versions and with the answers that their fits must find. */
import { describe, expect, test } from 'vitest'
import { normal, random } from '../../maths/random.js'
import { factorise } from './factorise.js'
import { factorBaseline } from './factors.js'
import { inverse, type Lists } from './memberships.js'
import { NormalEquations } from './normal-equations.js'
import { fitRepeat, type RepeatQuestion, repeatQuestion, withRepeat } from './repeat.js'

describe('repeat layer', () => {
  test('finds the factors from which the answers were drawn', () => {
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
    // No item was ever seen so long ago.
    expect(r[5]).toBe(0)
  })

  test('changes only the scores of items seen in the session, by how long ago', () => {
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
    // Scores: item 2 has 6, item 3 has 2, item 4 has 1, item 1 has .4.
    expect([2, 3, 4, 1].map((target) => layered.rank(items, target))).toEqual([1, 2, 3, 4])
    expect(layered.rank(items, 9)).toBe(0)
  })
})

describe('matrix factorisation', () => {
  const uniform = random(8)
  /** Sessions that each stay in one of eight groups of ten items. */
  const sets = Array.from({ length: 1200 }, () => {
    const hall = 10 * Math.floor(8 * uniform())
    return [...new Set(Array.from({ length: 3 }, () => hall + Math.floor(10 * uniform())))]
  })
  const starts = [0]
  for (const set of sets) starts.push(starts.at(-1)! + set.length)
  const sessions = { starts: Uint32Array.from(starts), values: Uint32Array.from(sets.flat()) }
  const settings = { dim: 8, unseen: 0.1, lambda: 0.03 }

  test("puts the items of the session's own group first", async () => {
    const factors = await factorise(sessions, inverse(sessions, 80), settings)
    const baseline = factorBaseline(factors, 0.7, true)
    for (const hall of [0, 10, 20]) {
      for (let item = hall; item < hall + 10; item++) {
        expect(baseline.rank(Int32Array.of(hall + 2, -1, hall + 5), item)).toBeLessThanOrEqual(10)
      }
    }
    const anew = factorBaseline(factors, 0.7, false)
    const places = Array.from({ length: 80 }, (_, item) => anew.rank(Int32Array.of(2, 5), item))
    expect(places.filter((place) => place > 0).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 78 }, (_, i) => i + 1),
    )
    expect([places[2], places[5]]).toEqual([0, 0])
    expect(baseline.rank(Int32Array.of(-1), 3)).toBe(0)
    expect(baseline.rank(Int32Array.of(3), -1)).toBe(0)
    // The whole session at once must give the same as one event after the other.
    const session = Int32Array.of(-1, 2, 5, 2, -1, 61, 7, 9, 30, 31, 32, 4, 5)
    for (const one of [baseline, anew]) {
      const each = Array.from(session, (target, at) => one.rank(session.subarray(0, at), target)).slice(1)
      expect(one.rankSession!(session)).toEqual(each)
      expect(each.slice(0, 4)).toEqual([0, expect.any(Number), expect.any(Number), 0])
    }
  })

  test.each([0, 1, 6, 48, 49, 1500])('solves the least squares of %i rows', (count) => {
    const dim = 8
    const items = Float32Array.from({ length: 100 * dim }, () => 0.3 * normal(uniform))
    const rows = Array.from({ length: count }, (_, j) => (7 * j) % 100)
    const weights = rows.map((_, j) => 1 / (1 + (j % 10)))
    const y = (row: number) => items.subarray(dim * row, dim * row + dim)
    const equations = new NormalEquations(items, dim)
    for (const given of [weights, undefined]) {
      const z = equations.solve(rows, given)
      const product = (row: number) => y(row).reduce((sum, value, d) => sum + value * z[d]!, 0)
      // The gradient of |z|^2 + sum of weight (1 - y.z)^2 is zero.
      for (let d = 0; d < dim; d++) {
        const slope = rows.reduce(
          (sum, row, j) => sum - (given?.[j] ?? 1) * (1 - product(row)) * y(row)[d]!,
          z[d]!,
        )
        expect(slope).toBeCloseTo(0, 3)
      }
    }
  })

  test('alternates between sessions and items, as its definition says', async () => {
    const { dim, unseen, lambda } = settings
    const few = {
      starts: sessions.starts.slice(0, 61),
      values: sessions.values.slice(0, sessions.starts[60]!),
    }
    const { items } = await factorise(few, inverse(few, 80), settings)

    const common = (vectors: number[][]) =>
      square(dim, (a, b) => (a === b ? lambda : 0) + unseen * vectors.reduce((n, v) => n + v[a]! * v[b]!, 0))
    const answer = (fixed: number[][], lists: number[][]) => {
      const base = common(fixed)
      return lists.map((list) => {
        const own = list.map((i) => fixed[i]!)
        const sum = base[0]!.map((_, a) => own.reduce((n, v) => n + v[a]!, 0))
        return solved(
          square(dim, (a, b) => base[a]![b]! + own.reduce((n, v) => n + v[a]! * v[b]!, 0)),
          sum,
        )
      })
    }
    const lists = ({ starts, values }: Lists) =>
      Array.from({ length: starts.length - 1 }, (_, i) => [...values.subarray(starts[i], starts[i + 1])])
    const first = random(1, 0xa15)
    let y = Array.from({ length: 80 }, () => Array.from({ length: dim }, () => 0.1 * normal(first)))
    for (let sweep = 0; sweep < 5; sweep++) {
      y = answer(answer(y, lists(few)), lists(inverse(few, 80)))
    }
    const base = common(y)
    for (let i = 0; i < 80; i += 7) {
      const image = solved(base, y[i]!)
      for (let j = 0; j < 80; j++) {
        const product = items
          .subarray(dim * i, dim * i + dim)
          .reduce((n, v, d) => n + v * items[dim * j + d]!, 0)
        expect(product).toBeCloseTo(
          image.reduce((n, v, d) => n + v * y[j]![d]!, 0),
          3,
        )
      }
    }
  })

  test('gives the same result in every run', async () => {
    const [first, second] = [
      await factorise(sessions, inverse(sessions, 80), settings),
      await factorise(sessions, inverse(sessions, 80), settings),
    ]
    expect(first.items).toEqual(second.items)
  })
})

function square(dim: number, value: (a: number, b: number) => number): number[][] {
  return Array.from({ length: dim }, (_, a) => Array.from({ length: dim }, (_, b) => value(a, b)))
}

/** x of matrix x = right, by elimination. */
function solved(matrix: number[][], right: number[]): number[] {
  const rows = matrix.map((row, a) => [...row, right[a]!])
  rows.forEach((pivot, a) => {
    for (const row of rows) {
      if (row === pivot) continue
      const factor = row[a]! / pivot[a]!
      for (let b = a; b < row.length; b++) row[b]! -= factor * pivot[b]!
    }
  })
  return rows.map((row, a) => row.at(-1)! / row[a]!)
}
