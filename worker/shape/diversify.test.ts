import { describe, expect, it } from 'vitest'
import { toy } from '../fixtures/toy.js'
import type { RankingSettings, Variety } from '../protocol.js'
import { type Candidates, candidates, contextOf, knownBy } from '../rank/candidates.js'
import { gather } from '../rank/evidence.js'
import { rank, recommend } from '../rank/pipeline.js'
import { diversify } from './diversify.js'
import { shape } from './shape.js'

const model = toy()
const { catalog } = model
const evidence = gather(
  model,
  [3, 4, 9].map((row) => ({ row, weight: 1 })),
)
const all = Array.from({ length: 200 }, (_, i) => (i * 37) % catalog.size)

/** A list whose scores fall slowly, so that variety has a choice. */
function falling(rows: readonly number[]): Candidates {
  const list = candidates(rows, 'session')
  list.score.set(rows.map((_, i) => 1 / (1 + i)))
  return list
}

const contextFor = (settings: RankingSettings, limit = 24, rest = {}) =>
  contextOf(model, knownBy(evidence), { settings, shape, limit, ...rest })

/** Rows 100 to 199 are families of ten, whose vectors differ little. A list has one family after the other. */
const families = toy()
const inFamilies = Array.from({ length: 100 }, (_, i) => 100 + i)
for (const row of inFamilies) {
  for (let d = 0; d < 14; d++)
    families.catalog.codes[row * 16 + d] = families.catalog.codes[(row - (row % 10)) * 16 + d]!
}

function cosine(a: number, b: number): number {
  const [x, y] = [families.catalog.vector(a), families.catalog.vector(b)]
  const product = (u: Float32Array, v: Float32Array) => u.reduce((sum, value, d) => sum + value * v[d]!, 0)
  return product(x, y) / Math.sqrt(product(x, x) * product(y, y))
}

/** Mean of 1 - cosine over the pairs. */
function distance(rows: readonly number[]): number {
  const pairs = rows.flatMap((a, i) => rows.slice(i + 1).map((b) => 1 - cosine(a, b)))
  return pairs.reduce((sum, value) => sum + value, 0) / pairs.length
}

const WISHES: (boolean | number | Variety)[] = [
  true,
  0.2,
  1,
  { method: 'dpp' },
  { method: 'dpp', strength: 1 },
  { attributes: ['category', 'brand'], calibrate: 1 },
]

describe('variety', () => {
  it.each(WISHES)('%j: loses nothing, adds nothing, and answers the same visit alike', (variety) => {
    const list = falling(all)
    const varied = diversify(list, contextFor({ variety }))
    expect([...varied.rows].sort()).toEqual([...list.rows].sort())
    expect(diversify(list, contextFor({ variety })).rows).toEqual(varied.rows)
    expect(varied.rows[0]).toBe(list.rows[0])
  })

  it.each([undefined, false, 0, { strength: 0 }])('%j: the list stays as it is', (variety) => {
    const list = falling(all)
    expect(diversify(list, contextFor({ variety }))).toBe(list)
  })

  it.each(['mmr', 'dpp'] as const)('%s: the items of a list are less alike', (method) => {
    const far = [0, 0.5].map((strength) => {
      const settings = { variety: { strength, method } }
      const context = contextOf(families, knownBy(evidence), { settings, shape, limit: 12 })
      return distance([...diversify(falling(inFamilies), context).rows.subarray(0, 12)])
    })
    expect(far[1]).toBeGreaterThan(far[0]!)
  })

  it('what `true` means is what the pack says', () => {
    const list = falling(all)
    const rowsOf = (variety: boolean | number, ofPack?: number) =>
      diversify(list, {
        ...contextFor({ variety }),
        model: { ...model, variety: ofPack },
      }).rows
    expect(rowsOf(true, 0.7)).toEqual(rowsOf(0.7))
    expect(rowsOf(true, 0.7)).not.toEqual(rowsOf(0.05))
    expect(rowsOf(0.05, 0.7)).toEqual(rowsOf(0.05))
  })

  it('a second copy of an item comes behind others that are as good', () => {
    // All alike except the last.
    const twins = toy()
    for (let row = 11; row < 20; row++) twins.catalog.codes.copyWithin(row * 16, 10 * 16, 11 * 16)
    const list = falling([10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 50])
    list.score.set(Array.from(list.rows, (_, i) => 1 - i / 1000))
    for (const method of ['mmr', 'dpp'] as const) {
      const context = contextOf(twins, knownBy(evidence), {
        settings: { variety: { method } },
        shape,
        limit: 4,
      })
      expect([...diversify(list, context).rows.subarray(0, 4)]).toContain(50)
    }
  })

  it('in `rank`: a permutation; unscored and fixed items keep their places', () => {
    const rows = Array.from({ length: 60 }, (_, i) => (i % 7 === 3 ? -1 : all[i]!))
    const ids = rows.map((row, i) => (row < 0 ? `stranger ${i}` : catalog.idOf(row)))
    for (const limit of [0, 1, 5, 24, 60, 1000]) {
      const fixed = new Set([0, 2])
      const plain = rank(contextFor({}, limit, { ids, fixed }))
      const varied = rank(contextFor({ variety: 1 }, limit, { ids, fixed }))
      expect([...varied.index].sort((a, b) => a - b)).toEqual([...rows.keys()])
      varied.index.forEach((index, i) => {
        if (rows[index]! < 0 || fixed.has(index)) expect(plain.index[i]).toBe(index)
      })
    }
  })

  it('in `recommend`: as many items as without, each once, and none that is excluded', () => {
    const excluded = new Set([...recommend(contextFor({})).rows].slice(5, 12))
    const { rows } = recommend(contextFor({ variety: 1 }, 24, { excluded }))
    expect(new Set(rows).size).toBe(24)
    for (const row of rows) expect(excluded).not.toContain(row)
  })

  it('where nothing is known of the visitor, the server’s order stands', () => {
    const ids = all.slice(0, 30).map(catalog.idOf)
    const context = contextOf(model, knownBy(gather(model, [])), {
      ids,
      settings: { variety: 1 },
      shape,
      limit: 30,
    })
    expect([...rank(context).index]).toEqual([...ids.keys()])
  })

  it('calibration keeps the visitor’s own spread over the categories', () => {
    const shop = { ...model, catalog: { ...catalog, attribute: (row: number) => (row % 2 ? 'odd' : 'even') } }
    // Two of three items that the visitor has seen are odd.
    const odd = [...all].sort((a, b) => (a % 2) - (b % 2) || a - b)
    const share = (calibrate: number) => {
      const context = contextOf(shop, knownBy(evidence), {
        settings: { variety: { calibrate, strength: 0.01 } },
        limit: 12,
      })
      const list = falling(odd)
      list.score.forEach((_, i) => {
        list.score[i] = 2 - i / 10000
      })
      const { rows } = diversify(list, context)
      return [...rows.subarray(0, 12)].filter((row) => row % 2).length / 12
    }
    expect(share(0)).toBeLessThan(0.3)
    // Two thirds, to the nearest item of twelve.
    expect(Math.abs(share(1) - 2 / 3)).toBeLessThanOrEqual(1 / 12 + 1e-9)
  })
})
