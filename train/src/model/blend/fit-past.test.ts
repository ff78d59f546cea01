/** Checks that the fit for earlier visits finds the rule that made the visits. */
import { expect, test } from 'vitest'
import { example } from '../../../fixtures/packs.js'
import { permutation, random } from '../../maths/random.js'
import { modelOf } from '../result/model-of.js'
import { fitPast, type Revisit } from './fit-past.js'

const model = await modelOf(example(300))
const uniform = random(5)
const pick = (count: number) => [...permutation(model.catalog.size, uniform).subarray(0, count)]
const stepsOf = (rows: number[]) => rows.map((row) => ({ row, weight: 1 }))

/** 80 visits of people with thirty earlier items each. `chosen` makes the visit from these items. */
const revisits = (chosen: (had: number[]) => number[]): Revisit[] =>
  Array.from({ length: 80 }, () => {
    const had = pick(30)
    return { interests: had.map((row) => ({ row, strength: 1 })), steps: stepsOf(chosen(had)) }
  })

test('if people come back for the same items, earlier items count during a visit', async () => {
  const { buckets, quality } = await fitPast(
    model,
    revisits((had) => had.slice(10, 15)),
  )
  for (const { again } of buckets) expect(again).toBeGreaterThanOrEqual(10)
  expect(quality.recall20Returning).toBeGreaterThan(0.4)
  expect(quality.recall20Returning).toBeGreaterThan(2 * quality.recall20Forgotten!)
  expect(quality.predictionsReturning).toBe(320)
})

test('if earlier items tell nothing about a visit, they do not count', async () => {
  const { buckets, quality } = await fitPast(
    model,
    revisits((had) => {
      const first = pick(1)[0]!
      const next = (row: number) => model.catalog.neighbours(0, row).rows[0] ?? row
      const rows = [first, next(first), next(next(first))]
      return rows.some((row) => had.includes(row)) ? [first] : rows
    }),
  )
  for (const { again, profile } of buckets) expect([again, profile]).toEqual([0, 0])
  // The halves are small, so chance may give them slightly different figures.
  expect(quality.recall20Returning).toBeCloseTo(quality.recall20Forgotten!, 1)
})

test('too few visits change nothing', async () => {
  const { buckets, quality } = await fitPast(model, revisits((had) => had.slice(0, 5)).slice(0, 5))
  expect(buckets).toBe(model.blend.buckets)
  expect(quality).toEqual({})
})
