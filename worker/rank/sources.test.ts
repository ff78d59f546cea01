import { describe, expect, it } from 'vitest'
import { askedBy } from '../asked/asked.js'
import { searchFor } from '../asked/search.js'
import type { Catalog } from '../catalog/catalog.js'
import { EXCLUDED } from '../compute/scorer.js'
import { toy } from '../fixtures/toy.js'
import { explainer } from '../shape/explanation.js'
import { ACCOUNTS } from './accounts.js'
import { candidates, contextOf, foundBy, type Known, knownBy, SOURCES } from './candidates.js'
import { gather, type ServingModel, viewsOf } from './evidence.js'
import { fill } from './fill.js'
import { findSimilar, recommend, retrieval } from './pipeline.js'
import { woven } from './woven.js'

const answerExplain = explainer(ACCOUNTS)

const CATEGORIES = ['Kitchen > Mugs', 'Kitchen > Plates', 'Living > Lamps']
const TITLES = ['Red mug', 'Blue mug', 'Red plate', 'Tall lamp', 'Red lampshade']

/** A shop of 300 items whose categories and titles take turns. Row 5 has no vector; a lower row is more popular. */
function shop(more: Partial<Catalog> = {}): ServingModel {
  const { catalog, ...model } = toy()
  const codes = Uint8Array.from({ length: catalog.size }, (_, row) => 1 + (row % CATEGORIES.length))
  return {
    ...model,
    catalog: {
      ...catalog,
      has: (fact) => fact === 'title' || fact === 'category',
      attribute: (row, name) => (name === 'title' ? TITLES[row % TITLES.length] : undefined),
      dictionary: (field) => (field === 'category' ? { codes, names: CATEGORIES } : undefined),
      trending: Uint32Array.of(50, 51, 0),
      fresh: Uint32Array.of(90, 50, 91),
      ...more,
    },
  }
}

const model = shop()
const { catalog } = model
const visit = (...rows: number[]) => gather(model, viewsOf(rows))
const recommended = (known: Partial<Known>, limit = 12) => {
  const list = recommend(contextOf(model, { ...knownBy(visit()), ...known }, { limit }))
  return Array.from(list.rows, (row, i) => ({ row, source: SOURCES[list.source[i]!], score: list.score[i]! }))
}
const rowsOf = (list: { row: number }[]) => list.map(({ row }) => row)

describe('a visitor of whom nothing is known', () => {
  it('gets what visits begin with, then what is popular, and a new item in every tenth place', () => {
    const list = recommended({}, 21)
    expect(rowsOf(list).slice(0, 12)).toEqual([50, 51, 0, 1, 2, 3, 4, 5, 6, 90, 7, 8])
    expect(list[19]).toMatchObject({ row: 91, source: 'fresh' })
    expect(list.map(({ source }) => source).slice(0, 4)).toEqual([
      'trending',
      'trending',
      'trending',
      'popular',
    ])
    expect(new Set(rowsOf(list)).size).toBe(21)
  })

  it('gets what is popular from a pack that says nothing else', () => {
    const plain = shop({ trending: new Uint32Array(), fresh: new Uint32Array() })
    const list = recommend(contextOf(plain, knownBy(gather(plain, [])), { limit: 12 }))
    expect([...list.rows]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
  })

  it('gets nothing that is excluded', () => {
    const excluded = new Set([50, 0, 90])
    const list = recommend(contextOf(model, knownBy(visit()), { limit: 12, excluded }))
    for (const row of excluded) expect(list.rows).not.toContain(row)
    expect(list.rows).toHaveLength(12)
  })
})

describe('a visitor who asked for something', () => {
  const asked = (landing: Parameters<typeof askedBy>[1]) => () => askedBy(catalog, landing)

  it('gets it first, and then what others begin with', () => {
    const list = recommended({ asked: asked({ path: '/shop/living/lamps' }) }, 120)
    const lamps = list.filter(({ source }) => source === 'content')
    expect(lamps).toHaveLength(100)
    expect(rowsOf(lamps).slice(0, 4)).toEqual([2, 5, 8, 11])
    expect(list.slice(0, 100)).toEqual(lamps)
    expect(list[100]).toMatchObject({ row: 51, source: 'trending' })
    const scores = list.map(({ score }) => score)
    expect(scores).toEqual([...scores].sort((a, b) => b - a))
  })

  it('gets what they refused later all the same', () => {
    const refusals: Known['refusals'] = { items: new Map([[catalog.idOf(2), 1]]), reaches: [], kinds: [] }
    const list = recommended({ refusals, asked: asked({ path: '/living/lamps' }) }, 101)
    expect(rowsOf(list).indexOf(2)).toBe(99)
  })

  it('does not get it any more after the first look at an item', () => {
    const evidence = visit(7)
    const known = { evidence, asked: asked({ path: '/living/lamps' }) }
    expect(recommended(known)).toEqual(recommended({ evidence }))
  })
})

describe('a search', () => {
  const titles = (query: string, n: number) =>
    searchFor(catalog, query)
      .slice(0, n)
      .map((row) => `${TITLES[row % TITLES.length]}, ${CATEGORIES[row % CATEGORIES.length]}`)

  it('finds the words of titles and categories; items with more of them come first, then popular ones', () => {
    expect(titles('red mug', 1)).toEqual(['Red mug, Kitchen > Mugs'])
    expect(searchFor(catalog, 'red mug').slice(0, 2)).toEqual([0, 5])
    expect(titles('tall', 2)).toEqual(['Tall lamp, Kitchen > Mugs', 'Tall lamp, Living > Lamps'])
  })

  it('finds plurals and longer words', () => {
    expect(searchFor(catalog, 'plates')).toEqual(searchFor(catalog, 'plate'))
    expect(titles('LAMPSHADES', 1)).toEqual(['Red lampshade, Kitchen > Plates'])
    expect(titles('shade', 1)).toEqual([])
  })

  it('finds nothing for marks, or for words that no item has', () => {
    for (const query of ['', '(((', '.*', 'zebra']) expect(searchFor(catalog, query)).toEqual([])
  })
})

describe('a landing page', () => {
  it('may be about one of very many brands', () => {
    const names = Array.from({ length: 200_000 }, (_, i) => `brand ${i}`)
    const codes = Uint32Array.from({ length: catalog.size }, (_, row) => 150_000 + row)
    const { catalog: large } = shop({
      dictionary: (field) => (field === 'brand' ? { codes, names } : undefined),
    })
    expect(askedBy(large, { path: '/brand-150006' })).toEqual([7])
  })

  const categories = (path: string, referrer?: string) => {
    const rows = askedBy(catalog, { path, referrer })
    return [...new Set(rows.map((row) => CATEGORIES[row % CATEGORIES.length]))].sort()
  }

  it('is about the category that its address names, or about all below it', () => {
    expect(categories('/de/kitchen/plates/')).toEqual(['Kitchen > Plates'])
    expect(categories('/Kitchen')).toEqual(['Kitchen > Mugs', 'Kitchen > Plates'])
    expect(categories('/', 'https://www.search.example/?q=lamps')).toEqual(['Living > Lamps'])
  })

  it('says nothing where no category is named, also in a broken address', () => {
    for (const path of ['/', '/about-us', '/%E0%A4%A', '/lampshades']) expect(categories(path)).toEqual([])
  })

  it('is not asked of a visitor with earlier visits; a search is', () => {
    expect(askedBy(catalog, { path: '/lamps' }, undefined, true)).toEqual([])
    expect(askedBy(catalog, { path: '/lamps', query: 'mug' }, undefined, true)).not.toEqual([])
  })
})

describe('an item without a vector', () => {
  it('leads to the items of its category, behind what the visit has seen', () => {
    expect(catalog.bias[5]).toBe(EXCLUDED)
    const list = recommended({ evidence: visit(3, 5) })
    const seen = list.filter(({ source }) => source === 'viewed')
    expect(list.slice(0, seen.length)).toEqual(seen)
    expect(rowsOf(list).slice(seen.length, seen.length + 3)).toEqual([2, 8, 11])
    const like = findSimilar(contextOf(model, knownBy(visit(5)), { limit: 3, excluded: new Set([5]) }))
    expect([...like.rows]).toEqual([2, 8, 11])
  })

  it('changes nothing in how a pack is evaluated, nor where the last item has a vector', () => {
    const context = contextOf(model, knownBy(visit(5, 3)), { limit: 12 })
    expect([...recommend(context).rows]).toEqual([...retrieval(context).rows])
  })
})

describe('an item that was bought', () => {
  const DAY = 86_400_000
  const cycle = shop({ attribute: (_, name) => (name === 'repurchase' ? 30 : undefined) })
  const again = {
    ...cycle,
    blend: { ...cycle.blend, buckets: cycle.blend.buckets.map((b) => ({ ...b, again: 5 })) },
  }
  const purchase = { id: 'e', name: 'purchase' as const, time: 0, items: [{ item_id: catalog.idOf(40) }] }
  const sourceAfter = (days: number) => {
    const evidence = gather(again, viewsOf([7]), [{ row: 40, strength: 1 }])
    const known = { ...knownBy(evidence), events: [purchase], now: days * DAY }
    const list = recommend(contextOf(again, known, { limit: 300 }))
    return SOURCES[list.source[list.rows.indexOf(40)]!]
  }

  it('is put forward for a repurchase once its cycle is over', () => {
    expect(sourceAfter(29)).toBe('viewed')
    expect(sourceAfter(30)).toBe('repurchase')
  })
})

describe('merging', () => {
  it('explain names every generator that puts an item forward', () => {
    const sources = (id: string) => answerExplain(model, knownBy(visit(7)), id).sources
    expect(sources(catalog.idOf(7))).toContain('viewed')
    expect(sources(catalog.idOf(50))).toEqual(expect.arrayContaining(['popular', 'trending', 'fresh']))
    expect(sources('nobody')).toEqual([])
  })

  it('every generator that knows an item is marked, and the first is named', () => {
    const list = fill(candidates([], 'session'), contextOf(model, knownBy(visit()), { limit: 10 }))
    expect([...list.rows].indexOf(50)).toBe(0)
    expect(foundBy(list, 0)).toEqual(['popular', 'trending', 'fresh'])
    expect(SOURCES[list.source[0]!]).toBe('trending')
  })

  it('new items keep their places when they come up before', () => {
    expect(woven([1, 2, 3], [9], 2)).toEqual([
      { entry: 1, isNew: false },
      { entry: 2, isNew: false },
    ])
    const list = woven(Array(30).keys(), [3, 40, 41], 25, 5).map(({ entry }) => entry)
    expect(list.slice(0, 6)).toEqual([0, 1, 2, 3, 40, 4])
    expect(list[14]).toBe(41)
    expect(list).toHaveLength(25)
  })
})
