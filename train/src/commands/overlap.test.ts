import { expect, it } from 'vitest'
import type { Interactions } from '../data/interactions.js'
import { overlapOf, overlapWarning } from './overlap.js'

/** Sessions of items with times; `keys` are the ids of the sessions. */
function log(
  time: Interactions['time'],
  sessions: [key: string, ...events: [string, number][]][],
): Interactions {
  const events = sessions.flatMap(([, ...events]) => events)
  const ids = [...new Set(events.map(([id]) => id))].sort()
  const offsets = [0]
  for (const [, ...events] of sessions) offsets.push(offsets.at(-1)! + events.length)
  return {
    ids,
    offsets: Uint32Array.from(offsets),
    rows: Uint32Array.from(events, ([id]) => ids.indexOf(id)),
    weights: new Float32Array(events.length).fill(1),
    times: Float64Array.from(events, ([, at]) => at),
    users: null,
    keys: sessions.map(([key]) => key),
    time,
  }
}

const MAY = Date.UTC(2026, 4, 10) / 1000
const lineage = { from: '2026-05-01', until: MAY, time: 'real' } as never
const session = (key: string, at: number): [string, ...[string, number][]] => [key, ['a', at], ['b', at + 40]]

it('counts sessions with the same items at the same times, whatever else is in the logs', () => {
  const train = log('real', [session('1', MAY), session('2', MAY + 500), ['3', ['z', MAY]]])
  const test = log('real', [session('9', MAY), session('2', MAY + 9000), ['3', ['z', MAY]]])
  expect(overlapOf(test, train, lineage)).toEqual({ sessions: 1, of: 2, by: 'train' })
})

it('does not count two sessions as one only because their ids are equal', () => {
  const train = log('real', [session('0', MAY)])
  expect(overlapOf(log('real', [session('0', MAY + 9000)]), train, lineage)).toMatchObject({ sessions: 0 })
})

it.each(['day', 'order'] as const)('also compares session ids if times are only a %s', (time) => {
  const train = log(time, [session('0', 5)])
  expect(overlapOf(log(time, [session('0', 5)]), train, lineage)).toMatchObject({ sessions: 1 })
  expect(overlapOf(log(time, [session('7', 5)]), train, lineage)).toMatchObject({ sessions: 0 })
})

it('uses the dates of the manifest if there is no training log', () => {
  const of = (at: number, time: Interactions['time'] = 'real') =>
    overlapOf(log(time, [session('0', at)]), undefined, lineage)
  expect(of(MAY - 500)).toEqual({ sessions: 1, of: 1, by: 'lineage' })
  expect(of(MAY - 70)).toMatchObject({ sessions: 0 })
  expect(of(MAY + 500)).toMatchObject({ sessions: 0 })
  expect(of(MAY - 30 * 86400)).toMatchObject({ sessions: 0 })
  expect(of(5, 'order')).toBeUndefined()
})

it('does not warn of the few sessions that cross the point where a log was split', () => {
  const sessions = (early: number) =>
    Array.from({ length: 200 }, (_, i) => session(String(i), i < early ? MAY - 900 : MAY + 900 + i))
  expect(overlapOf(log('real', sessions(2)), undefined, lineage)).toMatchObject({ sessions: 0 })
  expect(overlapOf(log('real', sessions(3)), undefined, lineage)).toMatchObject({ sessions: 3, of: 200 })
})

it('warns in one line with the number of sessions and what to do', () => {
  expect(overlapWarning(undefined)).toBeUndefined()
  expect(overlapWarning({ sessions: 0, of: 9, by: 'train' })).toBeUndefined()
  expect(overlapWarning({ sessions: 1200, of: 1300, by: 'train' })).toMatch(
    /^Warning: 1,200 of 1,300 test sessions are also in the training log.*later days\.$/,
  )
  expect(overlapWarning({ sessions: 2, of: 3, by: 'lineage' })).toContain('--train to be sure')
})
