import { describe, expect, it } from 'vitest'
import { toy } from '../fixtures/toy.js'
import { answerRank, answerRecommend, answerSimilar } from './answer.js'
import { knownBy } from './candidates.js'
import { gather, viewsOf } from './evidence.js'
import { refusalsOf } from './refusals.js'

const model = toy()
const { catalog } = model
const id = (row: number) => catalog.idOf(row)
const ids = Array.from({ length: 100 }, (_, row) => id(row))

function visitor(views: number[], dislikes: [row: number, amount: number][] = []) {
  const refusals = refusalsOf(
    model,
    dislikes.map(([row, amount]) => ({ id: id(row), amount })),
  )
  const unwanted = new Set(dislikes.filter(([, amount]) => amount === 1).map(([row]) => id(row)))
  return { ...knownBy(gather(model, viewsOf(views))), refusals, unwanted }
}

/** The rows nearest to one, the nearest first; slowly. */
function nearestTo(row: number): number[] {
  const vector = catalog.vector(row)
  const product = (other: number) => catalog.vector(other).reduce((sum, x, d) => sum + x * vector[d]!, 0)
  return Array.from({ length: catalog.size }, (_, other) => other)
    .filter((other) => other !== row && other !== 5)
    .sort((a, b) => product(b) - product(a))
}

const scoresOf = (answer: { ids: string[]; scores: Float32Array }) =>
  new Map(answer.ids.map((id, i) => [id, answer.scores[i]!]))

describe('a disliked item', () => {
  const plain = answerRank(model, visitor([2, 9]), { ids, slot: 's', limit: 100 })
  const disliked = answerRank(model, visitor([2, 9], [[40, 1]]), { ids, slot: 's', limit: 100 })

  it('is last, and takes its like down with it; what is far from it stays where it was', () => {
    expect(disliked.ids.at(-1)).toBe(id(40))
    const [before, after] = [scoresOf(plain), scoresOf(disliked)]
    const nearest = nearestTo(40)
    for (const row of nearest.slice(0, 20).filter((row) => row < 100)) {
      expect(after.get(id(row))).toBeLessThan(before.get(id(row))! - 4)
    }
    for (const row of nearest.slice(60).filter((row) => row < 100)) {
      expect(after.get(id(row))).toBe(before.get(id(row)))
    }
  })

  it('takes its like down where nothing else is known of the visitor', () => {
    const { ids: order } = answerRank(model, visitor([], [[40, 1]]), { ids, slot: 's', limit: 100 })
    const like = new Set(nearestTo(40).slice(0, 20).map(id))
    const last = order.slice(-10)
    expect(last.filter((id) => like.has(id)).length).toBeGreaterThan(3)
    // Everything else stays in the shop's order.
    const rest = order.filter(
      (id) => !nearestTo(40).slice(0, 60).includes(catalog.rowOf(id)) && id !== order.at(-1),
    )
    expect(rest).toEqual([...rest].sort())
  })

  it('keeps its like out of recommendations, which are as many as before', () => {
    const request = { slot: 's', limit: 24, exclude: [] }
    const like = nearestTo(40).slice(0, 20).map(id)
    const shareOf = (known: ReturnType<typeof visitor>) => {
      const answer = answerRecommend(model, known, request)
      expect(answer.ids).toHaveLength(24)
      return answer.ids.filter((id) => like.includes(id)).length
    }
    expect(shareOf(visitor([2, 40]))).toBeGreaterThan(4)
    expect(shareOf(visitor([2], [[40, 1]]))).toBeLessThan(2)
  })

  it('keeps its like out of what is shown to somebody of whom nothing else is known', () => {
    const like = nearestTo(7).slice(0, 20).map(id)
    const request = { slot: 's', limit: 150, exclude: [] }
    const shareOf = (known: ReturnType<typeof visitor>) =>
      answerRecommend(model, known, request).ids.filter((id) => like.includes(id)).length
    expect(shareOf(visitor([]))).toBeGreaterThan(4)
    expect(shareOf(visitor([], [[7, 1]]))).toBe(0)
  })

  it('counts for what is similar to another item too', () => {
    const near = nearestTo(40)[0]!
    const request = { slot: 's', limit: 24, exclude: [], id: id(near) }
    const like = nearestTo(40).slice(0, 20).map(id)
    const shareOf = (known: ReturnType<typeof visitor>) =>
      answerSimilar(model, known, request).ids.filter((id) => like.includes(id)).length
    expect(shareOf(visitor([], [[40, 1]]))).toBeLessThan(shareOf(visitor([])) / 2)
  })
})

it('less that speaks against an item takes less, and more dislikes never take more than one in full', () => {
  const [near] = nearestTo(40)
  const scoreOf = (...dislikes: [number, number][]) =>
    scoresOf(
      answerRank(model, visitor([2, 9], dislikes), { ids: [id(near!), id(1)], slot: 's', limit: 2 }),
    ).get(id(near!))!
  expect(scoreOf([40, 0.3])).toBeLessThan(scoreOf())
  expect(scoreOf([40, 1])).toBeLessThan(scoreOf([40, 0.3]))
  const others = nearestTo(near!).slice(1, 8)
  expect(scoreOf([40, 1], ...others.map((row): [number, number] => [row, 1]))).toBe(scoreOf([40, 1]))
})

it('a category is refused the more, the more of it is refused', () => {
  const shop = { ...model, catalog: { ...catalog, attribute: (row: number) => (row % 2 ? 'odd' : 'even') } }
  const pull = (n: number) => {
    const dislikes = Array.from({ length: n }, (_, i) => ({ id: id(2 * i + 1), amount: 1 }))
    return refusalsOf(shop, dislikes).kinds[0]![1].get('odd')!
  }
  expect(pull(1)).toBeLessThan(0.1)
  expect(pull(4)).toBeGreaterThan(4 * pull(1))
  expect(pull(4)).toBeLessThan(1)
})

it('a single bounce concerns the item alone', () => {
  const { items, reaches } = refusalsOf(model, [{ id: id(40), amount: 0.2 }])
  expect([...items]).toEqual([[id(40), 0.2]])
  expect(reaches).toEqual([])
})

it('a rare item has no vector of its own, so only itself is refused', () => {
  const { items, reaches } = refusalsOf(model, [{ id: id(5), amount: 1 }])
  expect([...items]).toEqual([[id(5), 1]])
  expect(reaches).toEqual([])
})
