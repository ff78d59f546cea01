import { expect, test } from 'vitest'
import type { Interactions } from '../../data/interactions.js'
import { overlapText, trainingOverlap } from './overlap.js'

function logOf(sessions: string[][], begin: number, time: Interactions['time'] = 'real'): Interactions {
  const ids = [...new Set(sessions.flat())].sort()
  const offsets = [0]
  for (const session of sessions) offsets.push(offsets.at(-1)! + session.length)
  const rows = Uint32Array.from(sessions.flat(), (id) => ids.indexOf(id))
  return {
    ids,
    offsets: Uint32Array.from(offsets),
    rows,
    weights: new Float32Array(rows.length).fill(1),
    times: Float64Array.from(rows, (_, e) => begin + 100 * e),
    users: null,
    time,
  }
}

const train = logOf(
  [
    ['a', 'b'],
    ['c', 'b', 'a'],
  ],
  1000,
)

test('sessions of the training log are found in the test log, by items and times', () => {
  expect(trainingOverlap(train, train, undefined)).toEqual({ sessions: 2, of: 2, from: 'log' })
  expect(
    trainingOverlap(
      logOf(
        [
          ['x', 'y'],
          ['c', 'b', 'a'],
        ],
        1000,
      ),
      train,
      undefined,
    ),
  ).toMatchObject({ sessions: 1 })
  expect(trainingOverlap(logOf([['a', 'b']], 5000), train, undefined), 'the same items later').toBeNull()
})

test('without exact times only long sessions are compared', () => {
  const short = logOf([['a', 'b']], 0, 'order')
  const long = logOf([['a', 'b', 'c', 'd', 'e']], 0, 'order')
  expect(trainingOverlap(short, short, undefined)).toBeNull()
  expect(trainingOverlap(long, long, undefined)).toMatchObject({ sessions: 1 })
})

test('without the training log, the pack tells up to when it was trained', () => {
  const lineage = { time: 'real', until: 1320 } as const
  expect(trainingOverlap(train, undefined, lineage)).toEqual({ sessions: 1, of: 2, from: 'lineage' })
  expect(trainingOverlap(logOf([['a', 'b']], 1320), undefined, lineage)).toBeNull()
  expect(trainingOverlap(train, undefined, { time: 'order', until: 1e9 })).toBeNull()
  expect(trainingOverlap(train, undefined, { time: 'real' })).toBeNull()
})

test('the warning says how many and what to do', () => {
  expect(overlapText({ sessions: 3, of: 9, from: 'log' })).toContain(
    '3 of the 9 test sessions are in the training log',
  )
})
