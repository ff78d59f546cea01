import { expect, it } from 'vitest'
import type { Interactions } from '../data/interactions.js'
import { castLots, lastDay, renumbered, sessionsOf } from './split.js'

const DAY = 86_400

/** 300 sessions of two events in ten days, by 100 people. */
const data: Interactions = {
  ids: ['a', 'b', 'c'],
  offsets: Uint32Array.from({ length: 301 }, (_, s) => 2 * s),
  rows: Uint32Array.from({ length: 600 }, (_, e) => e % 3),
  weights: new Float32Array(600).fill(1),
  times: Float64Array.from({ length: 600 }, (_, e) => (e * 10 * DAY) / 600),
  users: Int32Array.from({ length: 300 }, (_, s) => s % 100),
  time: 'real',
}

it('draws members, outsiders and others from the newer half, each person in one part', () => {
  const { base, members, outsiders, reference } = castLots(data, 1)
  expect(base).toEqual(Array.from({ length: 150 }, (_, s) => s))
  expect([...members, ...outsiders, ...reference].sort((a, b) => a - b)[0]).toBe(150)
  expect(members.length + outsiders.length + reference.length).toBe(150)
  for (const part of [members, outsiders, reference]) expect(part.length).toBeGreaterThan(30)
  const people = (part: number[]) => new Set(part.map((s) => s % 100))
  expect([...people(members)].some((person) => people(outsiders).has(person))).toBe(false)
})

it('takes the last day if the log has days, otherwise the latest hundredth', () => {
  expect(lastDay(data)).toBe(270)
  expect(lastDay({ ...data, time: 'order' })).toBe(297)
  expect(lastDay({ ...data, times: data.times.map((t) => t / 10) })).toBe(297)
})

it('makes a log from some sessions, and one numbering for two logs', () => {
  const some = sessionsOf(data, [1, 4])
  expect(some).toMatchObject({ offsets: Uint32Array.of(0, 2, 4), rows: Uint32Array.of(2, 0, 2, 0) })
  expect(some.users).toEqual(Int32Array.of(1, 4))
  const other = { ...some, ids: ['b', 'x', 'c'] }
  expect(renumbered(other, data.ids)).toEqual({ ids: ['a', 'b', 'c', 'x'], rows: Uint32Array.of(2, 1, 2, 1) })
})
