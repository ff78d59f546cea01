import { describe, expect, it } from 'vitest'
import { toy } from '../fixtures/toy.js'
import { answerRank } from '../rank/answer.js'
import { knownBy } from '../rank/candidates.js'
import { gather, viewsOf } from '../rank/evidence.js'
import { interestsIn, preferredRows } from './preferences.js'

const model = toy()
const names = ['Mugs', 'Lamps', 'Plates']
const codes = Uint8Array.from({ length: model.catalog.size }, (_, row) => 1 + (row % 3))
const catalog = {
  ...model.catalog,
  attribute: (row: number, name: string) => (name === 'price' ? row : undefined),
  dictionary: (field: string) => (field === 'category' ? { codes, names } : undefined),
}

describe('what a visitor prefers', () => {
  it('a category stands for its most popular items, all together as strong as one purchase', () => {
    const likes = interestsIn(catalog, { items: [], categories: ['Lamps'] })
    expect(likes.map(({ row }) => row).slice(0, 3)).toEqual([1, 4, 7])
    expect(likes).toHaveLength(20)
    expect(likes.reduce((sum, { strength }) => sum + strength, 0)).toBeCloseTo(1)
  })

  it('a range of prices narrows a category, stands alone, and is ignored where nothing is within it', () => {
    const rows = (min: number, max: number, categories?: string[]) =>
      preferredRows(catalog, { items: [], price: { min, max }, ...(categories && { categories }) })
    expect(rows(100, 110, ['Lamps'])).toEqual([100, 103, 106, 109])
    expect(rows(100, 102)).toEqual([100, 101, 102])
    expect(rows(1000, 2000, ['Lamps'])).toEqual(preferredRows(catalog, { items: [], categories: ['Lamps'] }))
  })

  it('items, and categories that the pack does not know, count as they should', () => {
    const likes = interestsIn(catalog, {
      items: ['item00042', 'nobody'],
      categories: ['Shoes'],
      brands: ['Ay'],
    })
    expect(likes).toEqual([{ row: 42, strength: 1 }])
    expect(preferredRows(catalog, { items: ['item00042'] })).toEqual([])
  })
})

describe('evidence with preferences', () => {
  const liked = [{ row: 40, strength: 1 }]

  it('before the first look they give the direction, and later turn it a little', () => {
    const cold = gather(model, [], [], false, liked)
    expect(cold.dense?.best.rows).toEqual(gather(model, [], liked).dense?.best.rows)
    const steps = viewsOf([7])
    const [with40, without] = [gather(model, steps, [], false, liked), gather(model, steps)]
    const towards = (evidence: typeof cold) =>
      evidence.dense!.vector.reduce((sum, value, d) => sum + value * model.catalog.vector(40)[d]!, 0)
    expect(towards(with40)).toBeGreaterThan(towards(without))
    expect(towards(with40)).toBeLessThan(towards(cold))
  })

  it('an item without a vector gives no direction', () => {
    expect(gather(model, [], [], false, [{ row: 5, strength: 1 }]).dense).toBeUndefined()
  })

  it('are no looks at items: nothing counts as seen again', () => {
    const again = {
      ...model,
      blend: { ...model.blend, buckets: model.blend.buckets.map((bucket) => ({ ...bucket, again: 50 })) },
    }
    expect([...gather(again, viewsOf([7]), [], false, liked).repeats.keys()]).toEqual([7])
  })

  it("order the shop's list, which stands as it is without them", () => {
    const ids = [200, 40, 120].map(model.catalog.idOf)
    const ranked = (preferred: typeof liked) =>
      answerRank(model, knownBy(gather(model, [], [], false, preferred)), { ids, slot: 's', limit: 3 })
    expect([...ranked([]).order!]).toEqual([0, 1, 2])
    expect(ranked(liked).ids[0]).toBe(ids[1])
  })
})
