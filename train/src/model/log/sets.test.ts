import { expect, it } from 'vitest'
import type { Interactions } from '../../data/interactions.js'
import { interestsAfter, visitsOf } from '../../data/visits.js'
import { random } from '../../maths/random.js'
import { returnsOf, setQuestions } from './sets.js'

it.each(['real', 'order'] as const)(
  'asks about each returning person, with all that this person did before: time %s',
  (time) => {
    const uniform = random(8)
    const upTo = (most: number) => Math.floor(uniform() * most)
    const sessions = 300
    const offsets = [0]
    const rows: number[] = []
    const times: number[] = []
    for (let s = 0; s < sessions; s++) {
      for (let e = upTo(4); e >= 0; e--) {
        rows.push(upTo(30))
        times.push(1_700_000_000 + 600 * s + rows.length)
      }
      // Some visits overlap with the next visit of the same person.
      if (s % 5 === 0) times[times.length - 1]! += 5000
      offsets.push(rows.length)
    }
    const data: Interactions = {
      ids: Array.from({ length: 30 }, (_, i) => `${i}`),
      offsets: Uint32Array.from(offsets),
      rows: Uint32Array.from(rows),
      weights: Float32Array.from(rows, () => 1 + upTo(2)),
      times: Float64Array.from(times),
      users: Int32Array.from({ length: sessions }, (_, s) => (s % 3 ? upTo(80) : -1 - s)),
      time,
    }
    const all = visitsOf(data)
    const expected = returnsOf(all.slice(0, 240), all.slice(240), time === 'real').map(
      ({ earlier, visit }) => ({
        interests: interestsAfter(earlier, visit.from).map(({ item, strength }) => ({ row: item, strength })),
        wanted: visit.items,
      }),
    )
    const { returns } = setQuestions(data, 0.2, { sets: 10, returns: 1000 }, 1)
    expect(expected.length).toBeGreaterThan(15)
    expect(returns.map(({ interests, wanted }) => ({ interests, wanted }))).toEqual(expected)
    for (const { steps, wanted } of returns) expect([...new Set(steps.map(({ row }) => row))]).toEqual(wanted)
    expect(setQuestions({ ...data, users: null }, 0.2, { sets: 10, returns: 10 }, 1).returns).toEqual([])
  },
)
