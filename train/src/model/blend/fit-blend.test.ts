import { expect, test } from 'vitest'
import { BUCKETS } from '../../../../worker/rank/blend.js'
import { random } from '../../maths/random.js'
import type { PackContent } from '../../pack/content.js'
import type { Question } from '../log/predictions.js'
import { modelOf } from '../result/model-of.js'
import { fitBlend, initialBlend } from './fit-blend.js'
import { measure } from './measure.js'

const ITEMS = 40
const DIM = 8

/** A shop with random vectors. The first table is right about what comes next, the second is wrong. */
function shop(): PackContent {
  const uniform = random(9)
  const table = (name: string, step: number) => ({
    name,
    offsets: Uint32Array.from({ length: ITEMS + 1 }, (_, i) => i),
    rows: Uint32Array.from({ length: ITEMS }, (_, i) => (i + step) % ITEMS),
    weights: new Uint8Array(ITEMS).fill(255),
  })
  return {
    dim: DIM,
    ids: Array.from({ length: ITEMS }, (_, i) => `i${i + 10}`),
    codes: Int8Array.from({ length: ITEMS * DIM }, () => Math.round(100 * (uniform() - 0.5))),
    step: 0.01,
    bias: new Int8Array(ITEMS),
    biasStep: 0.1,
    popularity: new Uint32Array(ITEMS).fill(9),
    tables: [table('session', 1), table('next', 2)],
    encoder: {
      kind: 'attention',
      dim: DIM,
      window: 5,
      attention: new Float32Array(DIM * DIM),
      position: new Float32Array(5),
      scale: 5,
    },
    blend: initialBlend(2, new Float32Array(10)),
    minSessions: 1,
    facts: null,
    lineage: {
      events: 0,
      sessions: 0,
      items: ITEMS,
      from: null,
      to: null,
      time: 'order',
      seed: 1,
      parent: null,
      validation: {},
    },
  }
}

/** Half of the visitors go to the next item, half go back to the item before. */
function questions(seed: number): Question[] {
  const uniform = random(seed)
  return Array.from({ length: 400 }, () => {
    const rows = Array.from({ length: 2 + Math.floor(uniform() * 4) }, () => Math.floor(uniform() * ITEMS))
    const target = uniform() < 0.5 ? (rows.at(-1)! + 1) % ITEMS : rows.at(-2)!
    return { steps: rows.map((row) => ({ row, weight: 1 })), target }
  })
}

test('the fitted blend trusts the table that is right, and helps on sessions it was not fitted on', async () => {
  const content = shop()
  const model = await modelOf(content)
  const blend = await fitBlend(model, questions(1))
  for (let bucket = 1; bucket < BUCKETS; bucket++) {
    const [right, wrong] = blend.buckets[bucket]!.table
    expect(right!).toBeGreaterThan(10 * wrong!)
  }
  // Going one item back is likely, staying on the same item is not.
  expect(blend.repeat[1]! - blend.repeat[0]!).toBeGreaterThan(2)

  const asked = questions(2)
  const before = await measure(model, asked)
  const after = await measure(await modelOf({ ...content, blend }), asked)
  expect(after.mrr20).toBeGreaterThan(before.mrr20 + 0.1)
  expect(after.mrr20).toBeGreaterThan(0.7)
})

test('all numbers of the blend stay finite when most items have a probability of almost 0', async () => {
  const content = shop()
  const model = await modelOf({ ...content, tables: [], encoder: { ...content.encoder, scale: 5000 } })
  model.blend.buckets = initialBlend(0, new Float32Array(10)).buckets
  const { buckets, repeat, habit } = await fitBlend(model, questions(1))
  const numbers = [...buckets.flatMap(({ denseExponent }) => denseExponent), ...repeat, ...habit]
  expect(numbers.filter((value) => !Number.isFinite(value))).toEqual([])
})

test('too few questions leave the blend as it was', async () => {
  const model = await modelOf(shop())
  expect(await fitBlend(model, questions(1).slice(0, 5))).toEqual(model.blend)
})

test('it learns that people who went back once go back again, and that others do not', async () => {
  const uniform = random(3)
  const asked = Array.from({ length: 600 }, (): Question => {
    const [a, b, c] = Array.from({ length: 3 }, () => Math.floor(uniform() * ITEMS)) as [
      number,
      number,
      number,
    ]
    const back = uniform() < 0.5
    const rows = back ? [a, b, a] : [a, c, b]
    return { steps: rows.map((row) => ({ row, weight: 1 })), target: back ? b : (b + 1) % ITEMS }
  })
  const content = shop()
  const blend = await fitBlend(await modelOf(content), asked)
  const after = await measure(await modelOf({ ...content, blend }), asked)
  expect(after.mrr20).toBeGreaterThan(0.95)
})
