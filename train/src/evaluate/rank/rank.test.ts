/** The lists of servers and the figures about them, compared with slow and obvious versions. */
import { describe, expect, test } from 'vitest'
import { interactionsOf } from '../../../fixtures/logs.js'
import { example } from '../../../fixtures/packs.js'
import type { Interactions } from '../../data/interactions.js'
import { random } from '../../maths/random.js'
import { modelOf } from '../../model/result/model-of.js'
import { PARTS } from '../questions/parts.js'
import { assortmentOf } from './assortment.js'
import { type Cell, cellsBelow, Tally } from './cells.js'
import { evaluateRank } from './evaluate-rank.js'
import { rankQuestions, sessionsAsked } from './questions.js'
import { rankerOf } from './replay.js'
import {
  categoryServer,
  itemKnnServer,
  LENGTH,
  popularityServer,
  type Server,
  staleServer,
} from './servers.js'

const shop = example(300)
const model = await modelOf(shop)
const { catalog } = model

/** Sessions with items of the shop, often looked at twice, and with some items that the pack does not know. */
function logOf(sessions: number, seed: number): Interactions {
  const uniform = random(seed)
  const ids = [...shop.ids, 'stranger'].sort()
  return interactionsOf(
    ids,
    Array.from({ length: sessions }, () => {
      const session: number[] = []
      for (let e = 0; e < 1 + uniform() * 6; e++) {
        const again = session.length > 0 && uniform() < 0.2
        session.push(again ? session[0]! : Math.floor(uniform() ** 2 * ids.length))
      }
      return session
    }),
  )
}

const train = logOf(400, 1)
const tested = logOf(60, 2)
const assortment = assortmentOf(catalog, tested, train)
const { sessions } = sessionsAsked(tested, catalog, undefined)
const questions = [...rankQuestions(tested, sessions, catalog, assortment)]
const idsOf = (items: readonly number[]) => items.map((item) => assortment.ids[item]!)

describe('questions', () => {
  test('each event of a session is asked for, after what came before it', () => {
    const events = sessions.reduce((sum, s) => sum + tested.offsets[s + 1]! - tested.offsets[s]!, 0)
    expect(questions.length).toBe(events)
    for (const [i, { session, before, target, events, steps, now }] of questions.entries()) {
      const next = questions[i + 1]
      expect(events.map(({ items }) => items[0]!.item_id)).toEqual(idsOf(before))
      expect(events.every(({ time }) => time < now)).toBe(true)
      expect(steps.map(({ row }) => row)).toEqual(
        before.map((item) => catalog.rowOf(assortment.ids[item]!)).filter((row) => row >= 0),
      )
      if (next?.session === session) expect(next.before).toEqual([...before, target])
      else expect(next?.before ?? []).toEqual([])
    }
  })
})

describe('lists', () => {
  const servers: Server[] = [
    popularityServer(assortment),
    itemKnnServer(train, assortment),
    staleServer(model, assortment),
    categoryServer(catalog, assortment),
  ]

  test.each(servers.map((server) => [server.name, server] as const))(
    '%s: each item once, 200 of them, or the whole category',
    (_, server) => {
      for (const question of questions.slice(0, 50)) {
        const { items, scores } = server.list(question)!
        expect(new Set(items).size).toBe(items.length)
        if (server.name === 'category') expect(items).toContain(question.target)
        else expect(items.length).toBe(LENGTH)
        expect(items.length).toBeLessThanOrEqual(LENGTH)
        if (!scores) continue
        const given = [...scores].filter((score) => !Number.isNaN(score))
        expect(given).toEqual([...given].sort((a, b) => b - a))
        expect(scores.length).toBe(items.length)
      }
    },
  )

  test('popularity: by the number of events in the training log', () => {
    const { items } = popularityServer(assortment).list(questions[0]!)!
    const count = (id: string) => train.rows.filter((row) => train.ids[row] === id).length
    const counts = idsOf(items).map(count)
    expect(counts).toEqual([...counts].sort((a, b) => b - a))
  })

  test('item-kNN: what shares most sessions with the last item, without that item', () => {
    const question = questions.find(({ before }) => before.length === 2)!
    const { items, scores } = itemKnnServer(train, assortment).list(question)!
    const last = train.ids.indexOf(assortment.ids[question.before[1]!]!)
    const together = (item: number) => {
      const row = train.ids.indexOf(assortment.ids[item]!)
      let sum = 0
      for (let s = 0; s + 1 < train.offsets.length; s++) {
        const session = [...train.rows.subarray(train.offsets[s], train.offsets[s + 1])]
        if (session.includes(row)) sum += session.filter((other) => other === last).length
      }
      const support = (of: number) => train.rows.filter((other) => other === of).length + 20
      return sum / Math.sqrt(support(last) * support(row))
    }
    const found = [...scores!].filter((score) => !Number.isNaN(score)).length
    expect(found).toBeGreaterThan(0)
    for (let i = 0; i < found; i++) expect(scores![i]).toBeCloseTo(together(items[i]!), 9)
    expect(items.slice(0, found)).not.toContain(question.before[1])
  })

  test('a category page: the next item among items of its category, most popular first', async () => {
    const categoryOf = (item: number) => (item % 3 === 0 ? 'a' : 'b')
    const labelled = {
      ...catalog,
      attribute: (row: number, name: string) => (name === 'category' ? categoryOf(row) : undefined),
    }
    const server = categoryServer(labelled, assortment)
    for (const question of questions.slice(0, 50)) {
      const { items } = server.list(question)!
      expect(items).toContain(question.target)
      if (question.target < catalog.size) {
        for (const item of items) expect(categoryOf(item)).toBe(categoryOf(question.target))
      }
      const counts = items.map((item) => assortment.counts[item]!)
      expect(counts).toEqual([...counts].sort((a, b) => b - a))
      expect(server.list(question)).toEqual({ items })
    }
  })
})

test('places are those in the orders that people can check', () => {
  const ranker = rankerOf(model, assortment)
  const server = popularityServer(assortment)
  for (const question of questions) {
    const { items } = server.list(question)!
    const places = ranker.place(server, question)!
    const inServer = items.indexOf(question.target) + 1
    expect(places.server).toBe(inServer)
    const seen = [...new Set([...question.before].reverse())].filter((item) => items.includes(item))
    const order = [...seen, ...items.filter((item) => !seen.includes(item))]
    expect(places.seenFirst).toBe(order.indexOf(question.target) + 1)
    if (question.before.length === 0) expect(places.nearside).toBe(inServer)
    expect(places.nearside > 0).toBe(inServer > 0)
  }
})

describe('figures', () => {
  const asked = (t: number, more = {}) => ({ t, seen: false, rareStep: false, rareTarget: false, ...more })

  test('of places computed by hand', () => {
    const tally = new Tally()
    tally.add(3, asked(0), { server: 1, seenFirst: 1, nearside: 1 })
    tally.add(3, asked(1), { server: 3, seenFirst: 3, nearside: 1 })
    tally.add(5, asked(1, { seen: true }), { server: 11, seenFirst: 1, nearside: 2 })
    tally.add(5, asked(4), { server: 0, seenFirst: 0, nearside: 0 })
    const cells = tally.cells()
    expect(Object.keys(cells).sort()).toEqual(['0', '1', 'pooled', 'pooledNew', 'pooledSeen'])
    expect(cells['1']).toMatchObject({ predictions: 2, server: 0.25, seenFirst: 0.75, oracle: 1, recall: 1 })
    expect(cells['1']!.nearside).toBeCloseTo((1 + 1 / Math.log2(3)) / 2)
    expect(cells.pooled!.recall).toBeCloseTo(2 / 3)
    expect(cells.pooledNew).toMatchObject({ predictions: 2, server: 0.25, nearside: 0.5 })
    expect(cells.pooledNew!.scored).toBeUndefined()
  })

  test('only a cell whose whole interval is negative lies below the server', () => {
    const cell = (low: number, high: number, scored?: [number, number]) =>
      ({ ci95: [low, high], ...(scored && { scored: { nearside: 0, ci95: scored } }) }) as Cell
    const sources = { a: { 1: cell(-0.2, -0.1), pooled: cell(-0.1, 0) }, b: { 2: cell(0, 1, [-2, -1]) } }
    expect(cellsBelow(sources)).toEqual(['a/1', 'b/2/scored'])
  })
})

test('without a training log, the servers that need one are named', async () => {
  const found = await evaluateRank(model, tested, { parts: PARTS })
  expect(Object.keys(found.sources)).toEqual(['popularity', 'category'])
  expect(found.missing.map((line) => line.split(' ')[0])).toEqual(['item-knn', 'stale', 'logged'])
  expect(found.sources.category!.pooled!.oracle).toBe(1)
  expect(found.sources.category!['0']!.ci95).toEqual([0, 0])
})

test('a sample asks about as many sessions, and the same ones again', async () => {
  const some = await evaluateRank(model, tested, { parts: PARTS, train, stale: model, sample: 20 })
  expect(some).toMatchObject({ sessions: 20, sampled: true })
  const again = await evaluateRank(model, tested, { parts: PARTS, train, stale: model, sample: 20 })
  expect(again.sources).toEqual(some.sources)
})

test("the shop's own lists: each click is asked for in its list, after the events before it", async () => {
  const [first, second] = sessions
  const ids = [...shop.ids.slice(0, 12), 'never seen']
  const lists = {
    ids,
    offsets: Uint32Array.of(0, 13, 26, 39),
    items: Uint32Array.from({ length: 39 }, (_, i) => i % 13),
    clicked: Uint8Array.from({ length: 39 }, (_, i) => (i === 4 || i === 13 || i === 25 ? 1 : 0)),
    sessions: Int32Array.of(first!, second!, second!),
    before: Uint32Array.of(0, 1, 1),
  }
  const { sources, missing } = await evaluateRank(model, tested, { parts: PARTS, lists })
  // The third list has no click.
  expect(sources.logged!['0']).toMatchObject({ predictions: 1, recall: 1, server: 1 / Math.log2(6) })
  expect(sources.logged!['1']).toMatchObject({ predictions: 2, recall: 1, server: 1 / 2 })
  expect(sources.logged!['1']!.nearside).toBeGreaterThan(0)
  expect(missing.some((line) => line.startsWith('logged'))).toBe(false)
})
