import { describe, expect, it } from 'vitest'
import { toy } from '../fixtures/toy.js'
import { arrange } from './arrange.js'
import { best } from './best.js'
import {
  type Candidates,
  candidates,
  concat,
  contextOf,
  FEATURES,
  knownBy,
  SOURCES,
  take,
} from './candidates.js'
import { catalogue } from './catalogue.js'
import { gather } from './evidence.js'
import { explain } from './explain.js'
import { fill } from './fill.js'
import { given } from './given.js'
import { findSimilar, measure, rank, recommend } from './pipeline.js'
import { PLAIN } from './plain.js'
import { relevance } from './relevance.js'
import { features, score } from './score.js'
import { weighServerOrder } from './server-order.js'

const model = toy()
const { catalog } = model
const steps = (...rows: number[]) => rows.map((row) => ({ row, weight: 1 }))
const nothing = gather(model, [])
const evidence = gather(model, steps(3, 4, 9), [{ row: 40, strength: 2 }])
const idsOf = (...rows: number[]) => rows.map((row) => (row < 0 ? 'stranger' : catalog.idOf(row)))

/** A list with these scores; rows below 0 are items that the pack does not know. */
function scored(rows: number[], scores: number[]): Candidates {
  const list = candidates(rows, 'server')
  list.score.set(scores)
  return { ...list, index: Int32Array.from(rows.keys()) }
}

const sourcesOf = (list: Candidates) => Array.from(list.source, (code) => SOURCES[code])

describe('the record', () => {
  it('keeps the columns of an entry together when entries are sorted, dropped or added', () => {
    const list = scored([7, 8, 9], [0.1, 0.2, 0.3])
    for (const name of FEATURES) list.features[name].set([1, 2, 3])
    const both = concat(take(list, Uint32Array.of(2, 0)), candidates([5], 'popular'))
    expect([...both.rows]).toEqual([9, 7, 5])
    expect([...both.index]).toEqual([2, 0, -1])
    expect([...both.score]).toEqual([0.3, 0.1, 0])
    expect(sourcesOf(both)).toEqual(['server', 'server', 'popular'])
    for (const name of FEATURES) expect([...both.features[name]]).toEqual([3, 1, 0])
  })
})

describe('sources', () => {
  it('given: one entry for every id; missing, repeated and unknown ones have no row', () => {
    const list = given(
      contextOf(model, knownBy(nothing), { ids: ['item00002', '', 'nobody', 'item00002', ''] }),
    )
    expect([...list.rows]).toEqual([2, -1, -1, -1, -1])
    expect([...list.index]).toEqual([0, 1, 2, 3, 4])
  })

  it('catalogue: every row once, and its source is a generator that knows it', () => {
    const list = catalogue(contextOf(model, knownBy(evidence), { limit: 50, excluded: new Set([77]) }))
    expect(new Set(list.rows).size).toBe(list.rows.length)
    expect(list.rows).not.toContain(77)
    const table = new Set(evidence.tables.flatMap((shares) => [...shares.keys()]))
    const own = new Set([3, 4, 9])
    list.rows.forEach((row, i) => {
      const expected = own.has(row) ? 'viewed' : table.has(row) ? 'neighbours' : 'session'
      expect(SOURCES[list.source[i]!]).toBe(expected)
    })
  })

  it('catalogue: before the visit has begun, the vector is that of the profile', () => {
    const list = catalogue(
      contextOf(model, knownBy(gather(model, [], [{ row: 40, strength: 1 }])), { limit: 5 }),
    )
    expect(new Set(sourcesOf(list))).toEqual(new Set(['profile']))
  })

  it('similar: whatever finds an item, it is named as similar', () => {
    const list = findSimilar(contextOf(model, knownBy(gather(model, steps(7))), { limit: 20 }))
    expect(new Set(sourcesOf(list))).toEqual(new Set(['similar']))
  })
})

describe('steps', () => {
  it('features and score: as the blend scores the rows, and nothing for unknown items', () => {
    const context = contextOf(model, knownBy(evidence), { ids: idsOf(3, -1, 9, 200) })
    const list = score(measure(context), context)
    const expected = relevance(model, evidence, Uint32Array.of(3, 9, 200))
    expect([...list.score]).toEqual([expected[0], 0, expected[1], expected[2]])
  })

  it('server order: what was seen in this visit counts less than what is new and as relevant', () => {
    const list = scored([1, 3], [0.5, 0.5])
    list.index.fill(0)
    const { score } = weighServerOrder(list, contextOf(model, knownBy(evidence)))
    expect(score[0]).toBeGreaterThan(score[1]!)
  })

  it('server order: of the items that this visit has seen, the likeliest loses less than the others', () => {
    const list = scored([3, 4, 1], [0.5, 0.4, 0.15])
    list.index.fill(0)
    const { score } = weighServerOrder(list, contextOf(model, knownBy(evidence)))
    expect(score[0]).toBeGreaterThan(score[2]!)
    expect(score[2]).toBeGreaterThan(score[1]!)
  })

  it('server order: the same relevance is worth less further down, and nothing without evidence', () => {
    const list = scored([1, 2, -1, 6], [0.5, 0.5, 0, 0.5])
    const { score } = weighServerOrder(list, contextOf(model, knownBy(evidence)))
    expect(score[0]).toBeGreaterThan(score[1]!)
    expect(score[1]).toBeGreaterThan(score[3]!)
    expect(score[2]).toBe(0)
    expect([...weighServerOrder(list, contextOf(model, knownBy(nothing))).score]).toEqual([0, 0, 0, 0])
  })

  it('is a number whatever the server’s scores are', () => {
    const serverScores = Float64Array.of(Number.MAX_VALUE, Number.MIN_VALUE, Infinity, -1, Number.NaN)
    const ids = idsOf(3, 7, 8, 9, 10)
    const { score } = rank(contextOf(model, knownBy(evidence), { ids, serverScores }))
    expect([...score].every(Number.isFinite)).toBe(true)
  })

  it('arrange: the best go to the leading positions, the rest follow as the server had them', () => {
    const list = scored([10, -1, 11, 12, 13], [1, 99, 3, 4, 2])
    expect([...arrange(list, contextOf(model, knownBy(evidence))).index]).toEqual([3, 1, 2, 4, 0])
    expect([...arrange(list, contextOf(model, knownBy(evidence), { limit: 1 })).index]).toEqual([
      3, 1, 0, 2, 4,
    ])
    expect([...arrange(list, contextOf(model, knownBy(evidence), { limit: 0 })).index]).toEqual([
      0, 1, 2, 3, 4,
    ])
  })

  it('arrange: an item that the pack lacks is ordered like the others once something speaks for it', () => {
    const list = scored([10, 11, -1], [1, 2, 3])
    expect([...arrange(list, contextOf(model, knownBy(evidence))).index]).toEqual([1, 0, 2])
    list.features.dense[2] = 0.5
    expect([...arrange(list, contextOf(model, knownBy(evidence))).index]).toEqual([2, 1, 0])
  })

  it('best: by score, ties by row, and none that nothing speaks for', () => {
    const list = scored([30, 20, 10, 40], [2, 1, 1, 0])
    expect([...best(list, contextOf(model, knownBy(evidence))).rows]).toEqual([30, 10, 20])
    expect([...best(list, contextOf(model, knownBy(evidence), { limit: 2 })).rows]).toEqual([30, 10])
    expect([...best(list, contextOf(model, knownBy(evidence), { limit: 2, ties: true })).rows]).toEqual([
      30, 10, 20,
    ])
  })

  it('popular: fills what is missing, without what is there or excluded', () => {
    const context = contextOf(model, knownBy(evidence), { limit: 4, excluded: new Set([0]) })
    const list = fill(scored([1], [0.5]), context)
    expect([...list.rows]).toEqual([1, 2, 3, 4])
    expect(sourcesOf(list)).toEqual(['server', 'popular', 'popular', 'popular'])
    expect([...fill(list, context).rows]).toEqual([1, 2, 3, 4])
  })

  it('rules: unwanted items come last, unknown ones too, and the others stay as they are', () => {
    const ids = idsOf(5, -1, 6, 7)
    const unwanted = new Set(['stranger', ids[0]!])
    const list = PLAIN.last(
      scored([5, -1, 6, 7], [4, 0, 2, 1]),
      contextOf(model, knownBy(evidence), { ids, unwanted }),
    )
    expect([...list.index]).toEqual([2, 3, 0, 1])
  })
})

describe('a whole ranking', () => {
  const rows = Array.from({ length: 60 }, (_, i) => (i % 7 === 3 ? -1 : (i * 37) % catalog.size))

  it('is a permutation of the request, whatever is unwanted', () => {
    for (const limit of [0, 5, 60, 1000]) {
      const unwanted = new Set(idsOf(...rows.slice(0, 9)))
      const list = rank(contextOf(model, knownBy(evidence), { ids: idsOf(...rows), limit, unwanted }))
      expect([...list.index].sort((a, b) => a - b)).toEqual([...rows.keys()])
    }
  })

  it('leaves the features of each item with it, so that they agree with scoring it anew', () => {
    for (const list of [
      rank(contextOf(model, knownBy(evidence), { ids: idsOf(...rows) })),
      recommend(contextOf(model, knownBy(evidence), { limit: 40 })),
    ]) {
      list.rows.forEach((row, i) => {
        if (row < 0) return
        const context = contextOf(model, knownBy(evidence), { ids: idsOf(row) })
        const alone = measure(context)
        for (const name of FEATURES) expect(list.features[name][i]).toBe(alone.features[name][0])
        expect(explain(context, list, i)).toEqual(explain(context, alone, 0))
      })
    }
  })

  it('explains with shares that a slow calculation finds too', () => {
    const list = features(candidates([3, 40, 4, 150], 'session'), contextOf(model, knownBy(evidence)))
    list.rows.forEach((row, i) => {
      const whole = relevance(model, evidence, Uint32Array.of(row))[0]!
      const silent = { ...evidence, tables: evidence.tables.map(() => new Map<number, number>()) }
      const withoutTables = relevance(model, silent, Uint32Array.of(row))[0]!
      const repeat = evidence.repeats.get(row) ?? 1
      const again = Math.max(0, 1 - 1 / repeat)
      const { parts } = explain(contextOf(model, knownBy(evidence)), list, i)
      const shareOf = (part: string) => parts.find((p) => p.part === part)?.share ?? 0
      expect(shareOf('neighbours')).toBeCloseTo(((whole - withoutTables) / whole) * (1 - again), 9)
      expect(shareOf('repeat')).toBeCloseTo(again, 9)
      expect(parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9)
    })
  })
})
