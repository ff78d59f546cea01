import { describe, expect, it } from 'vitest'
import { EXCLUDED } from '../../../worker/compute/scorer.js'
import { gather } from '../../../worker/rank/evidence.js'
import { retrieve } from '../../../worker/rank/retrieve.js'
import { interactionsOf, numbered, walks } from '../../fixtures/logs.js'
import type { Interactions } from '../data/interactions.js'
import { random } from '../maths/random.js'
import type { TrainOptions } from './options.js'
import { modelOf } from './result/model-of.js'
import { quantise } from './result/quantise.js'
import { TABLES } from './tables/tables.js'
import { trainModel } from './train.js'

const ITEMS = 60
const SHELVES = 6

/** A shop of six shelves where people stay on one shelf. The last item of the catalogue is seen by one person only. */
function shop(sessions: number, seed = 1): Interactions {
  const uniform = random(seed)
  return interactionsOf(
    numbered(ITEMS),
    Array.from({ length: sessions }, (_, s) => {
      const shelf = Math.floor(uniform() * SHELVES)
      const length = 2 + Math.floor(uniform() * 5)
      const item = () => shelf + SHELVES * Math.floor(uniform() * ((ITEMS - 6) / SHELVES))
      return [...Array.from({ length }, item), ...(s === 40 ? [ITEMS - 1] : [])]
    }),
  )
}

const options: TrainOptions = { dim: 16, seed: 1, workers: 1, minSessions: 3 }
const KINDS = ['attention', 'gru'] as const

describe('trainModel', () => {
  it.each(KINDS)(
    'learns which items belong together, in codes that the engine serves: %s',
    async (encoder) => {
      const model = await trainModel(shop(1500), null, { ...options, encoder })
      const served = await modelOf(quantise(model, null))
      const steps = [4, 10].map((row) => ({ row, weight: 1 }))
      const { rows } = retrieve(served, gather(served, steps), 7)
      expect(Array.from(rows, (row) => row % SHELVES)).toEqual(new Array(7).fill(4))
      expect(model.lineage).toMatchObject({ items: ITEMS, sessions: 1500, from: null })
      expect(model.lineage.validation.recall20).toBeGreaterThan(0.8)
    },
  )

  it.each(KINDS)(
    'gives the same bytes for the same seed, and other bytes for another seed: %s',
    async (encoder) => {
      const data = shop(300)
      const chosen = { ...options, encoder }
      const first = quantise(await trainModel(data, null, chosen), null)
      const second = quantise(await trainModel(data, null, chosen), null)
      const third = quantise(await trainModel(data, null, { ...chosen, seed: 2 }), null)
      expect(second).toEqual(first)
      expect(third.codes).not.toEqual(first.codes)
    },
  )

  it('keeps rare items out of scans, counts and tables', async () => {
    const content = quantise(await trainModel(shop(300), null, options), null)
    const rare = ITEMS - 1
    expect(content.bias[rare]).toBe(EXCLUDED)
    expect(content.popularity[rare]).toBe(0)
    // All rare items share one vector. Items 54 to 59 have no session or a single one.
    const vector = (row: number) => content.codes.slice(row * 16, row * 16 + 16)
    expect(vector(rare)).toEqual(vector(rare - 1))
    for (const { offsets, rows } of content.tables) {
      expect(offsets[rare + 1]! - offsets[rare]!).toBe(0)
      expect(rows).not.toContain(rare)
    }
  })

  it('measures itself and fits a blend even in a shop of two hundred sessions', async () => {
    const { blend, lineage } = await trainModel(walks(200, 20, 1), null, { ...options, minSessions: 1 })
    expect(lineage.validation.predictions).toBeGreaterThan(30)
    // In this log the table of next items predicts best, because people go from one item to the next.
    expect(blend.buckets[0]!.table[TABLES.indexOf('next')]).toBeGreaterThan(blend.buckets[0]!.dense)
  })

  it.each([
    ['no session', 0],
    ['one session', 1],
    ['a handful', 5],
  ])('makes a pack of %s', async (_, sessions) => {
    const content = quantise(await trainModel(shop(sessions), null, { ...options, minSessions: 1 }), null)
    expect(content.codes.length).toBe(ITEMS * 16)
    for (const value of Object.values(content.encoder)) {
      if (value instanceof Float32Array) expect(value.every(Number.isFinite)).toBe(true)
    }
    expect(Number.isFinite(content.encoder.scale)).toBe(true)
  })

  it('stops when told to', async () => {
    const controller = new AbortController()
    const training = trainModel(shop(3000), null, { ...options, signal: controller.signal })
    setTimeout(() => controller.abort(new Error('enough')), 50)
    await expect(training).rejects.toThrow('enough')
  })

  it('returns the best model so far when asked to end early', async () => {
    const model = await trainModel(shop(1500), null, { ...options, enough: AbortSignal.abort() })
    const { cutShort, sessions } = model.lineage
    expect(cutShort!.phase).toBe('validation')
    expect(cutShort!.done).toBeLessThan(0.2)
    expect(sessions).toBe(1425)
    const content = quantise(model, null)
    expect(content.codes.some((code) => code !== 0)).toBe(true)
  })

  it('refuses a dimension that the kernels do not support', async () => {
    await expect(trainModel(shop(5), null, { ...options, dim: 20 })).rejects.toThrow('multiple of 8')
  })
})
