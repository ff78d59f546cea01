/** Baskets and next visits, compared with slow and obvious versions of the same computation. */
import { describe, expect, test } from 'vitest'
import { gather, type ServingModel, viewsOf } from '../../../../worker/rank/evidence.js'
import { relevance } from '../../../../worker/rank/relevance.js'
import { example } from '../../../fixtures/packs.js'
import type { Interactions } from '../../data/interactions.js'
import { random } from '../../maths/random.js'
import { hide } from '../../model/log/sets.js'
import { modelOf } from '../../model/result/model-of.js'
import { evaluate } from '../evaluate.js'
import type { Part } from '../questions/parts.js'
import { evaluateBasket } from './basket.js'
import { evaluateNextVisit } from './next-visit.js'
import { setBaselines } from './set-baselines.js'
import { placesBy, placesIn, setFigures } from './sets.js'

const shop = example(300)
const model = await modelOf(shop)
const DAY = 86_400

/** Sessions one day apart. */
function logOf(sessions: string[][], users: number[] | null = null): Interactions {
  const ids = [...new Set(sessions.flat())].sort()
  const events = sessions.flat()
  const offsets = [0]
  for (const session of sessions) offsets.push(offsets[offsets.length - 1]! + session.length)
  return {
    ids,
    offsets: Uint32Array.from(offsets),
    rows: Uint32Array.from(events, (id) => ids.indexOf(id)),
    weights: new Float32Array(events.length).fill(1),
    times: Float64Array.from(sessions.flatMap((session, s) => session.map(() => 1.6e9 + s * DAY))),
    users: users && Int32Array.from(users),
    time: 'real',
  }
}

function baskets(count: number, seed: number): string[][] {
  const uniform = random(seed)
  return Array.from({ length: count }, () => {
    const around = Math.floor(uniform() * 300)
    const size = 2 + Math.floor(uniform() * 8)
    return [
      ...new Set(Array.from({ length: size }, () => shop.ids[(around + Math.floor(uniform() * 12)) % 300]!)),
    ]
  })
}

describe('set figures', () => {
  test('of places computed by hand', () => {
    const figures = setFigures([Uint32Array.of(1, 0, 12), Uint32Array.of(2)], [10])
    expect(figures.recall['10']).toBeCloseTo((1 / 3 + 1) / 2)
    expect(figures.pooledRecall['10']).toBeCloseTo(2 / 4)
    const ideal = 1 + 1 / Math.log2(3) + 1 / Math.log2(4)
    expect(figures.ndcg['10']).toBeCloseTo((1 / ideal + 1 / Math.log2(3)) / 2)
    expect(figures.mrr['10']).toBeCloseTo((1 + 1 / 2) / 2)
  })

  test('places count ties against the model, with both ways to find them', () => {
    const scores = Float64Array.of(0, 3, 2, 2, 5, 1)
    expect([...placesBy(scores, [1, 2, 3, 0, -1, 4], [4])]).toEqual([1, 3, 3, 0, 0, 0])
    const order = [4, 1, 2, 3, 5]
    const listed = Float64Array.from(order, (row) => scores[row]!)
    expect([...placesIn(Uint32Array.from(order), listed, [4, 2, 3, 0])]).toEqual([1, 4, 4, 0])
  })
})

describe('basket completion', () => {
  test('hides a fifth of the items, at least one, and the same ones each time', () => {
    const sets = [[1], [1, 2], [...Array(11).keys()]]
    const asked = hide(sets, 1)
    expect(asked.map(({ wanted }) => wanted.length)).toEqual([1, 2])
    expect(asked[1]!.given.concat(asked[1]!.wanted).sort((a, b) => a - b)).toEqual(sets[2])
    expect(hide(sets, 1)).toEqual(asked)
  })

  test('asks the engine for items that are not in the basket', async () => {
    const log = logOf(baskets(40, 1))
    const { recall, hidden } = await evaluateBasket(model, log, {
      ks: [20],
      parts: ['session', 'neighbours'],
    })
    const all = Uint32Array.from({ length: 300 }, (_, row) => row)
    const row = (item: number) => model.catalog.rowOf(log.ids[item]!)
    const sets = Array.from({ length: 40 }, (_, s) => [
      ...log.rows.subarray(log.offsets[s], log.offsets[s + 1]),
    ])
    const questions = hide(sets, 1)
    const expected = questions.map(({ given, wanted }) => {
      const scores = relevance(model, gather(model, viewsOf(given.map(row))), all)
      for (const item of given) scores[row(item)] = 0
      const found = wanted.filter((item) => {
        const own = scores[row(item)]!
        return own > 0 && scores.filter((score) => score >= own).length <= 20
      })
      return found.length / wanted.length
    })
    expect(hidden).toBe(questions.flatMap(({ wanted }) => wanted).length)
    expect(recall['20']).toBeCloseTo(expected.reduce((sum, x) => sum + x) / expected.length)
  })

  test('asks only the selected part of the model', async () => {
    // Baskets of neighbours, and a blend that trusts almost only the neighbours.
    const lists = Array.from({ length: 300 }, (_, row) => [row, ...model.catalog.neighbours(0, row).rows])
    const log = logOf(
      lists.filter(({ length }) => length > 4).map((list) => list.map((row) => shop.ids[row]!)),
    )
    const weights = { ...model.blend.buckets[0]!, table: [1000, 1000], again: 0, againExponent: 1 }
    const fitted: ServingModel = { ...model, blend: { ...model.blend, even: [weights, weights] } }
    const ask = async (...parts: Part[]) =>
      (await evaluateBasket(fitted, log, { ks: [20], parts })).recall['20']!
    const [whole, session, neighbours] = [
      await ask('session', 'neighbours'),
      await ask('session'),
      await ask('neighbours'),
    ]
    expect(neighbours).toBeGreaterThan(session + 0.1)
    expect(Math.abs(whole - neighbours)).toBeLessThan(0.05)
  })

  test('baselines score as their definitions say, and are better than chance if there is something to learn', async () => {
    const train = logOf(baskets(400, 2))
    const sets = Array.from({ length: 400 }, (_, s) => [
      ...train.rows.subarray(train.offsets[s], train.offsets[s + 1]),
    ])
    const found = await setBaselines(['popularity', 'itemKnn', 'associationRules'], 300, sets, (held) =>
      hide(held, 1),
    )
    expect(found.map(({ name }) => name)).toEqual(['popularity', 'itemKnn', 'associationRules'])
    const count = (row: number) => sets.filter((set) => set.includes(row)).length
    for (const { name, parameters, scores } of found.slice(1)) {
      const { shorter, lambda, rarity } = parameters as Record<string, number>
      const got = scores([5, 6])
      for (const row of [4, 5, 7, 9, 200]) {
        let expected = 0
        for (const given of [5, 6]) {
          if (given === row) continue
          let together = 0
          for (const set of sets)
            if (set.includes(given) && set.includes(row)) together += set.length ** -shorter!
          const own = count(given) + lambda!
          const norm = name === 'itemKnn' ? Math.sqrt(own * (count(row) + lambda!)) : own
          expected += (Math.log(400 / count(given)) ** rarity! * together) / norm
        }
        expect(got[row]).toBeCloseTo(expected, 10)
      }
    }
    const { baselines } = await evaluateBasket(model, logOf(baskets(60, 3)), {
      ks: [20],
      parts: ['session', 'neighbours'],
      train,
    })
    expect(baselines.itemKnn!.recall['20']).toBeGreaterThan(0.5)
    expect(baselines.popularity!.recall['20']).toBeLessThan(0.3)
  })
})

describe('the next visit', () => {
  const id = (row: number) => shop.ids[row]!
  const options = { ks: [20], parts: ['session', 'neighbours'] as const }

  test('is predicted for people with earlier visits, in the history or in the test log itself', async () => {
    const history = logOf([[id(1), id(2)], [id(9)]], [0, -1])
    const test = logOf([[id(3)], [id(1), id(8)], [id(3), id(7)], [id(9)]], [1, 0, 1, -1])
    test.times = test.times.map((time) => time + 10 * DAY)
    const found = await evaluateNextVisit(model, test, { ...options, history })
    expect(found).toMatchObject({ visits: 2, people: 2, withoutHistory: 2, targets: 4, repeated: 0.5 })
    expect(found.newItems).toMatchObject({ visits: 2, targets: 2 })
    // The items that each person had before must come first.
    expect(found.baselines.personalFrequency!.mrr['20']).toBeGreaterThan(0.4)
  })

  test('is predicted without knowledge of later visits', async () => {
    const history = logOf([[id(1)], [id(2)]], [0, 0])
    const test = logOf([[id(1)]], [0])
    test.times = Float64Array.of(1.6e9 + DAY / 2)
    const { repeated, visits } = await evaluateNextVisit(model, test, { ...options, history })
    expect({ repeated, visits }).toEqual({ repeated: 1, visits: 1 })
    test.times = Float64Array.of(1.6e9 - DAY)
    await expect(evaluateNextVisit(model, test, { ...options, history })).rejects.toThrow('user_id')
  })

  test('is also predicted step by step, if the evaluation of next items has a history', async () => {
    const again = [id(40), id(80), id(120), id(160)]
    const history = logOf([again, [id(9), id(10)]], [0, 1])
    const test = logOf(
      [
        [id(80), id(160), id(40)],
        [id(5), id(6)],
      ],
      [0, 2],
    )
    test.times = test.times.map((time) => time + 10 * DAY)
    const buckets = model.blend.buckets.map((bucket) => ({ ...bucket, again: 100 }))
    const learned = { ...model, blend: { ...model.blend, buckets } }
    const { returning, recall, baselines } = await evaluate(learned, test, { ...options, history })
    expect(returning).toBe(1)
    expect(recall['20']! - baselines.forgotten!.recall['20']!).toBeGreaterThan(0.3)
    const strangers = { ...history, users: Int32Array.of(7, 8) }
    await expect(evaluate(learned, test, { ...options, history: strangers })).rejects.toThrow('user_id')
  })
})

test('a log of other ids is refused, not answered with zeros', async () => {
  const strangers = logOf([['x', 'y'], ['x']], [0, 0])
  const options = { ks: [20], parts: ['session', 'neighbours'] as const }
  const nobody = /knows none of the log's items .*x, y/
  await expect(evaluateBasket(model, strangers, options)).rejects.toThrow(nobody)
  await expect(evaluateNextVisit(model, strangers, { ...options, history: strangers })).rejects.toThrow(
    nobody,
  )
})
