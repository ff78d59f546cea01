/** Checks that the fit for items without an order finds the rule that made the questions. */
import { expect, test } from 'vitest'
import { gather, viewsOf } from '../../../../worker/rank/evidence.js'
import { retrieve } from '../../../../worker/rank/retrieve.js'
import { example } from '../../../fixtures/packs.js'
import { permutation, random } from '../../maths/random.js'
import { modelOf } from '../result/model-of.js'
import { fitEven } from './fit-even.js'

const model = await modelOf(example(300))
const uniform = random(3)
const pick = (count: number) => [...permutation(model.catalog.size, uniform).subarray(0, count)]
const none = { sets: [], returns: [] }

/** Share of the wanted items that are among the first 20. */
function recall(
  of: Awaited<ReturnType<typeof fitEven>>,
  sets: { given: number[]; wanted: number[] }[],
): number {
  const served = { ...model, blend: { ...model.blend, even: of.even } }
  let hits = 0
  let all = 0
  for (const { given, wanted } of sets) {
    const { rows } = retrieve(served, gather(served, viewsOf(given), [], true), 20, new Set(given))
    hits += wanted.filter((row) => rows.includes(row)).length
    all += wanted.length
  }
  return hits / all
}

test('if the second table knows the rest of each basket, baskets listen to the second table', async () => {
  const sets = Array.from({ length: 80 }, () => {
    const given = pick(4)
    const wanted = given.map((row) => model.catalog.neighbours(1, row).rows[0]!)
    return { given, wanted: wanted.filter((row) => !given.includes(row)) }
  }).filter(({ wanted }) => wanted.length > 0)
  const start = await fitEven(model, none)
  const fitted = await fitEven(model, { ...none, sets })
  const [, { table }] = fitted.even
  expect(table[1]! / table[0]!).toBeGreaterThan(2)
  expect(recall(fitted, sets)).toBeGreaterThan(recall(start, sets))
  expect(fitted.quality[1]).toBeGreaterThan(0)
  // There were no questions about earlier visits.
  expect(fitted.even[0]).toEqual(start.even[0])
  expect(fitted.quality[0]).toBe(0)
})

test('earlier purchases are shown where people buy again, and not where they never do', async () => {
  const visits = Array.from({ length: 80 }, () => {
    const had = pick(30)
    return { interests: had.map((row) => ({ row, strength: 1 })), had }
  })
  const again = await fitEven(model, {
    sets: [],
    returns: visits.map(({ interests, had }) => ({ interests, wanted: had.slice(0, 10) })),
  })
  const never = await fitEven(model, {
    sets: [],
    returns: visits.map(({ interests, had }) => ({
      interests,
      wanted: had.map((row) => model.catalog.neighbours(0, row).rows[0]!).filter((row) => !had.includes(row)),
    })),
  })
  expect(again.even[0].again).toBeGreaterThan(4 * never.even[0].again)
})
