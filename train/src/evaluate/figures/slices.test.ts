import { expect, test } from 'vitest'
import { compare, verdict } from './compare.js'
import { latencyOf } from './latency.js'
import { bandsOf, cutQuestions, slicesOf } from './slices.js'

test('each band has a third of all events', () => {
  expect(bandsOf(Float64Array.of(1, 10, 2, 3, 10, 4))).toEqual([10, 10])
  expect(bandsOf(Float64Array.of(1, 1, 1, 1, 1, 1, 2, 2, 2))).toEqual([2, 1])
  expect(bandsOf(new Float64Array(3))).toEqual([1, 1])
})

test('every prediction is in one slice of each kind, with the figures of every model', () => {
  // Sessions are 0 1 0 and 2 3. The pack lacks 2 and 3; item 3 was never seen in training.
  const questions = {
    offsets: Uint32Array.of(0, 3, 5),
    rows: Int32Array.of(7, 8, 7, -1, -1),
    items: Uint32Array.of(0, 1, 0, 2, 3),
    weights: new Float32Array(5).fill(1),
    sessionOf: Uint32Array.of(0, 0, 1),
  }
  const cuts = cutQuestions(questions, Float64Array.of(9, 4, 1, 0), [9, 4], (row) => row === 8, 'never seen')
  const others = new Map([['popularity', Uint32Array.of(0, 2, 0)]])
  const slices = slicesOf(cuts, Uint32Array.of(1, 4, 0), others, [2, 5])
  const names = (kind: keyof typeof slices) =>
    slices[kind].map(({ name, predictions }) => [name, predictions])
  expect(names('sessionLength')).toEqual([
    ['1 event', 2],
    ['2 events', 1],
  ])
  expect(names('targetPopularity')).toEqual([
    ['head', 1],
    ['mid', 1],
    ['never seen', 1],
  ])
  expect(names('targetRepeat')).toEqual([
    ['new in the session', 2],
    ['a repeat', 1],
  ])
  expect(names('knownItems')).toEqual([
    ['a rare or unknown item before', 1],
    ['a rare target', 1],
    ['an unknown target', 1],
  ])
  expect(slices.targetRepeat[1]).toEqual({
    name: 'a repeat',
    predictions: 1,
    recall: { 2: 0, 5: 1 },
    mrr: { 2: 0, 5: 0.25 },
    baselines: { popularity: { recall: { 2: 1, 5: 1 }, mrr: { 2: 0.5, 5: 0.5 } } },
  })
})

test('a difference is a win only if its interval excludes 0', () => {
  const sessionOf = Uint32Array.from({ length: 600 }, (_, i) => Math.floor(i / 2))
  const good = Uint32Array.from(sessionOf, (_, i) => (i % 3 === 0 ? 1 : 0))
  const bad = Uint32Array.from(sessionOf, (_, i) => (i % 5 === 0 ? 3 : 0))
  const found = compare(
    good,
    new Map([
      ['bad', bad],
      ['same', good],
    ]),
    [2, 5],
    sessionOf,
    1,
  )
  expect(verdict(found.baselines.bad!.difference.recall5!)).toBe('beats')
  expect(verdict(found.baselines.same!.difference.mrr2!)).toBe('ties with')
  const turned = compare(bad, new Map([['good', good]]), [2, 5], sessionOf, 1)
  expect(verdict(turned.baselines.good!.difference.recall5!)).toBe('loses to')
  expect(turned.ci95).toEqual(found.baselines.bad!.ci95)
  expect(found.recallCurve).toEqual(new Array(5).fill(200 / 600))
  expect(turned.recallCurve).toEqual([0, 0, 0.2, 0.2, 0.2])
})

test('latencies are counted in bins', () => {
  const { histogram, p50 } = latencyOf(Float64Array.of(0.05, 0.1, 0.3, 0.4, 70))
  expect(histogram.filter(({ count }) => count > 0)).toEqual([
    { from: 0, to: 0.1, count: 1 },
    { from: 0.1, to: 0.2, count: 1 },
    { from: 0.2, to: 0.5, count: 2 },
    { from: 50, to: null, count: 1 },
  ])
  expect(p50).toBe(0.3)
})
