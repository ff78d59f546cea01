import { expect, test } from 'vitest'
import { Memory } from '../../../kernels/memory.js'
import type { Log } from '../log/log.js'
import { layExamples } from './examples.js'

const log: Log = {
  items: 4,
  sessions: 2,
  offsets: Uint32Array.of(0, 3, 5),
  rows: Uint32Array.of(0, 1, 2, 3, 1),
  weights: Float32Array.of(1, 1, 0.5, 1, 1),
  persons: Int32Array.of(0, 1),
  ends: Float64Array.of(1, 2),
}
const rare = Uint8Array.of(0, 0, 0, 1)

test('sessions become pieces, rare items become one token, and targets are counted', () => {
  const { tokens, weights, pieces, counts } = layExamples(new Memory(), log, rare, {
    window: 2,
    backwards: 0,
  })
  expect([...tokens.data]).toEqual([0, 1, 2, 4, 1])
  expect([...weights.data]).toEqual([1, 1, 0.5, 1, 1])
  expect([...pieces.data]).toEqual([0, 3, 3, 5])
  // Item 0 is never a target, since it only opens a session. Its count is 1, so that it can be drawn as a negative.
  expect([...counts.data]).toEqual([1, 2, 1, 0, 0])
})

test('when sessions are also read backwards, the first item of a session becomes a target', () => {
  const { tokens, weights, pieces, counts } = layExamples(new Memory(), log, rare, {
    window: 1,
    backwards: 0.5,
  })
  expect([...tokens.data]).toEqual([0, 1, 2, 4, 1, 2, 1, 0, 1, 4])
  expect([...weights.data]).toEqual([1, 1, 0.5, 1, 1, 0.25, 0.5, 0.5, 0.5, 0.5])
  expect([...pieces.data]).toEqual([0, 2, 1, 3, 3, 5, 5, 7, 6, 8, 8, 10])
  expect([...counts.data]).toEqual([1, 3, 1, 0, 0])
})
