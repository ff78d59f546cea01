import { describe, expect, it } from 'vitest'
import { toy } from '../fixtures/toy.js'
import type { Exploration, RankingSettings } from '../protocol.js'
import { type Candidates, candidates, contextOf, knownBy } from '../rank/candidates.js'
import { deepened } from '../rank/deepen.js'
import { gather } from '../rank/evidence.js'
import { rank, recommend } from '../rank/pipeline.js'
import { explore, weightsOf } from './explore.js'
import { placeProbability } from './plackett-luce.js'
import { shape } from './shape.js'

const model = toy()
const { catalog } = model
const evidence = gather(
  model,
  [3, 4, 9].map((row) => ({ row, weight: 1 })),
)
const rows = Array.from({ length: 60 }, (_, i) => (i * 37) % catalog.size)
const ids = rows.map(catalog.idOf)
const ROUNDS = 2000

function contextFor(requestId: string, settings: RankingSettings, limit = 12, rest = {}) {
  return contextOf(model, knownBy(evidence), { requestId, settings, shape, limit, ...rest })
}

function falling(): Candidates {
  const list = candidates(rows, 'session')
  list.score.set(rows.map((_, i) => 1 / (1 + i)))
  return list
}

describe('probabilities of drawing without replacement', () => {
  it.each([[[0.5, 0.3, 0.2]], [[0.9, 0.05, 0.03, 0.01, 0.01]], [[0.25, 0.25, 0.25, 0.25]]])(
    '%j: as a sum over all orders says',
    (given) => {
      const weights = Float64Array.from(given)
      const slow = weights.map(() => 0)
      const places = given.map(() => given.map(() => 0))
      const draw = (left: number[], place: number, probability: number) => {
        const total = left.reduce((sum, i) => sum + given[i]!, 0)
        for (const i of left) {
          const p = (probability * given[i]!) / total
          places[place]![i]! += p
          draw(
            left.filter((j) => j !== i),
            place + 1,
            p,
          )
        }
      }
      draw([...slow.keys()], 0, 1)
      places.forEach((row, place) => {
        row.forEach((p, i) => {
          expect(placeProbability(weights, i, place)).toBeCloseTo(p, 7)
        })
      })
    },
  )

  it('none is lower than the bound', () => {
    const weights = weightsOf(
      Float64Array.from({ length: 20 }, (_, i) => -3 * i),
      0.02,
    )
    expect(weights.reduce((a, b) => a + b)).toBeCloseTo(1, 12)
    for (let place = 0; place < 3; place++)
      for (let i = 0; i < 20; i++) expect(placeProbability(weights, i, place)).toBeGreaterThanOrEqual(0.0199)
  })
})

describe('exploration', () => {
  const wish: Exploration = { positions: 3, from: 15, least: 0.01 }

  it('loses nothing, stays within its budget, and is the same for the same request', () => {
    for (let round = 0; round < 50; round++) {
      const context = contextFor(`r${round}`, { explore: wish })
      const list = explore(falling(), context)
      expect([...list.rows].sort()).toEqual([...rows].sort())
      const head = [...list.rows.subarray(0, 12)]
      // Nine of the twelve are the nine best, in their order.
      expect(head.filter((row) => rows.indexOf(row) < 9)).toHaveLength(9)
      expect([...explore(falling(), context).rows]).toEqual([...list.rows])
    }
  })

  it('comes to each position as often as its propensity says', () => {
    const shown = new Map<string, { times: number; propensity: number }>()
    for (let round = 0; round < ROUNDS; round++) {
      const list = deepened(contextFor(`request-${round}`, { explore: wish }), recommend)
      expect(list.propensities).toHaveLength(12)
      list.rows.forEach((row, i) => {
        const key = `${row} at ${i}`
        const propensity = list.propensities![i]!
        const entry = shown.get(key) ?? { times: 0, propensity }
        expect(entry.propensity).toBe(propensity)
        entry.times++
        shown.set(key, entry)
      })
    }
    expect(shown.size).toBeGreaterThan(30)
    for (const { times, propensity } of shown.values()) {
      const deviation = Math.sqrt((propensity * (1 - propensity)) / ROUNDS)
      expect(Math.abs(times / ROUNDS - propensity)).toBeLessThanOrEqual(4.5 * deviation + 1e-9)
    }
  })

  it('an item that the page or a rule puts in its place is left out of the estimate', () => {
    const rules = [{ kind: 'pin', position: 0, where: { ids: [ids[40]!] } }] as const
    for (let round = 0; round < 30; round++) {
      const settings = { explore: wish, rules }
      const list = rank(contextFor(`r${round}`, settings, 12, { ids, fixed: new Set([5]) }))
      expect([...list.index].sort((a, b) => a - b)).toEqual([...ids.keys()])
      expect(list.index[0]).toBe(40)
      expect(list.propensities![0]).toBe(0)
      expect(list.propensities![5]).toBe(0)
      const drawn = list.propensities!.filter((p) => p > 0 && p < 1)
      expect(drawn.length).toBeLessThanOrEqual(3)
    }
  })

  it('keeps positions for a group, where it has candidates', () => {
    const group = ids.slice(45, 50)
    const explored = { ...wish, floor: 1, where: { ids: group } }
    const found = new Set<string>()
    for (let round = 0; round < 200; round++) {
      const { rows: now } = explore(falling(), contextFor(`r${round}`, { explore: explored }))
      const head = [...now.subarray(0, 12)].map(catalog.idOf).filter((id) => group.includes(id))
      expect(head.length).toBeGreaterThanOrEqual(1)
      for (const id of head) found.add(id)
    }
    expect(found.size).toBe(5)
    const none = { ...wish, floor: 2, where: { ids: ['nobody'] } }
    expect(explore(falling(), contextFor('r', { explore: none })).rows).toHaveLength(rows.length)
  })

  it('without it no list has propensities', () => {
    expect(recommend(contextFor('r', {})).propensities).toBeUndefined()
  })
})
