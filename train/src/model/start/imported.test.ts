import { describe, expect, it } from 'vitest'
import { EXCLUDED } from '../../../../worker/compute/scorer.js'
import { gather } from '../../../../worker/rank/evidence.js'
import { retrieve } from '../../../../worker/rank/retrieve.js'
import { interactionsOf, numbered } from '../../../fixtures/logs.js'
import type { Interactions } from '../../data/interactions.js'
import { type Shop, withItems } from '../../import/items.js'
import { normal, random } from '../../maths/random.js'
import { modelOf } from '../result/model-of.js'
import { quantise } from '../result/quantise.js'
import { trainModel } from '../train.js'
import type { Imported } from './imported.js'

const ITEMS = 48
const SHELVES = 6
const DIM = 8
/** No session has the items from here on. */
const SEEN = 42

function shop(): Interactions {
  const uniform = random(4)
  return interactionsOf(
    numbered(ITEMS),
    Array.from({ length: 1500 }, () => {
      const shelf = Math.floor(uniform() * SHELVES)
      const length = 2 + Math.floor(uniform() * 4)
      return Array.from({ length }, () => shelf + SHELVES * Math.floor((uniform() * SEEN) / SHELVES))
    }),
  )
}

/** Vectors as if made from pictures: items of a shelf look alike. The first item has no vector. */
function pictures(content: boolean): Imported {
  const uniform = random(9)
  const vectors = new Float32Array(ITEMS * DIM)
  for (let row = 1; row < ITEMS; row++) {
    const vector = vectors.subarray(row * DIM, (row + 1) * DIM)
    for (let d = 0; d < DIM; d++) vector[d] = 0.2 * normal(uniform) + (d === row % SHELVES ? 1 : 0)
    const length = Math.hypot(...vector)
    for (let d = 0; d < DIM; d++) vector[d]! /= length
  }
  const known = Uint8Array.from({ length: ITEMS }, (_, row) => (row === 0 ? 0 : 1))
  return { vectors, known, bias: null, encoder: null, content }
}

const options = { dim: DIM, seed: 1, workers: 1, minSessions: 3, encoder: 'attention' as const }

describe('imported vectors', () => {
  it('stay as they are while the rest is fitted to them, and rank items well', async () => {
    const imported = pictures(true)
    const model = await trainModel(shop(), null, { ...options, imported })
    expect(model.vectors.subarray(DIM)).toEqual(imported.vectors.subarray(DIM))
    expect(model.lineage.validation.recall20).toBeGreaterThan(0.8)
    expect(model.tables.every(({ rows }) => rows.length > 0)).toBe(true)
    expect(new Set(model.bias).size).toBeGreaterThan(10)
    const served = await modelOf(quantise(model, null))
    const { rows } = retrieve(
      served,
      gather(served, [
        { row: 4, weight: 1 },
        { row: 10, weight: 1 },
      ]),
      6,
    )
    expect(Array.from(rows, (row) => row % SHELVES)).toEqual(new Array(6).fill(4))
  })

  it.each([
    ['are shown for items without sessions, if they describe what items are', true],
    ['are not shown for such items, if they may come from a single session', false],
  ])('%s', async (_, content) => {
    const imported = pictures(content)
    const { bias, codes } = quantise(await trainModel(shop(), null, { ...options, imported }), null)
    const shown = Array.from(bias, (value) => value !== EXCLUDED)
    expect(shown).toEqual(shown.map((_, row) => row > 0 && (content || row < SEEN)))
    const distinct = new Set(
      Array.from({ length: ITEMS - SEEN }, (_, i) =>
        codes.slice((SEEN + i) * DIM, (SEEN + i + 1) * DIM).join(),
      ),
    )
    expect(distinct.size).toBe(content ? ITEMS - SEEN : 1)
  })
})

it('additional items are sorted in among the items of the log', () => {
  const data = { ...shop(), ids: ['b', 'd', '\u{1f6d2}'], rows: Uint32Array.of(0, 1, 2, 1) }
  const before: Shop = {
    data,
    catalogue: {
      title: ['B', undefined, 'cart'],
      price: Float64Array.of(1, 2, 3),
      attributes: new Map([['size', ['S', 'M', 'L']]]),
    },
    outOfCatalogue: Uint32Array.of(1),
  }
  const after = withItems(before, ['\uffff', 'a', 'd', 'c'])
  expect(after.data.ids).toEqual(['a', 'b', 'c', 'd', '\uffff', '\u{1f6d2}'])
  expect([...after.data.rows]).toEqual([1, 3, 5, 3])
  expect([...after.outOfCatalogue]).toEqual([3])
  expect(after.catalogue).toEqual({
    title: [undefined, 'B', undefined, undefined, undefined, 'cart'],
    price: Float64Array.of(Number.NaN, 1, Number.NaN, 2, Number.NaN, 3),
    attributes: new Map([['size', [undefined, 'S', undefined, 'M', undefined, 'L']]]),
  })
})
