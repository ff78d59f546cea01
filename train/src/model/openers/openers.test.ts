import { describe, expect, it } from 'vitest'
import { interactionsOf, numbered } from '../../../fixtures/logs.js'
import { random } from '../../maths/random.js'
import { positiveLog } from '../log/log.js'
import { countItems } from '../log/support.js'
import { freshOf } from './fresh.js'
import { openersOf } from './openers.js'
import { trendingOf } from './trending.js'

const K = 3

/** A log of sessions, and what each item's popularity would be in a pack. */
function shop(sessions: number[][], users?: number[], items = 40) {
  const data = interactionsOf(numbered(items), sessions)
  const log = positiveLog({ ...data, users: users ? Int32Array.from(users) : null })
  const { people, sessions: counts } = countItems(log)
  return { log, popularity: counts.map((count, row) => (people[row]! >= K ? count : 0)) }
}

const times = <T>(n: number, value: T): T[] => new Array<T>(n).fill(value)

describe('trending', () => {
  it('counts lately above long ago, and both the same with a half-life of the whole log', () => {
    const { log, popularity } = shop([...times(50, [1]), ...times(40, [2])])
    expect([...trendingOf(log, popularity, K, 0.1)]).toEqual([2, 1])
    expect([...trendingOf(log, popularity, K, 1)]).toEqual([1, 2])
  })

  it('counts what visits begin with above what they only pass', () => {
    const { log, popularity } = shop(times(20, [7, 8, 9]))
    expect(trendingOf(log, popularity, K, 1)[0]).toBe(7)
  })

  it('counts what fewer than k people did lately as not done', () => {
    const early = [...times(10, [1]), ...times(5, [2])]
    // One person comes back to item 2 all the time.
    const late = times(15, [2])
    const users = [...early.keys(), ...times(15, 99)]
    const { log, popularity } = shop([...early, ...late], users)
    expect([...trendingOf(log, popularity, K, 0.5)]).toEqual([1, 2])
  })

  it('leaves out what the pack may not show', () => {
    const { log } = shop(times(10, [1, 2]))
    expect([
      ...trendingOf(
        log,
        Uint32Array.from(numbered(40), (_, row) => (row === 2 ? 5 : 0)),
        K,
        1,
      ),
    ]).toEqual([2])
  })
})

it('new items are those that nobody saw before the last fifth, and k people since', () => {
  const { log, popularity } = shop([...times(40, [1]), [1, 2], [2], [2], [3], [3], ...times(5, [1, 4])])
  expect([...freshOf(log, popularity, K)]).toEqual([4, 2])
  expect([...freshOf(log, Uint32Array.from(popularity).fill(0), K)]).toEqual([])
})

describe('the choice', () => {
  /** What visits begin with changes with every fifth of the log. */
  const changing = (sessions: number) => {
    const uniform = random(1)
    return Array.from({ length: sessions }, (_, s) => {
      const season = Math.floor((5 * s) / sessions)
      return [uniform() < 0.7 ? 3 * season + Math.floor(uniform() * 3) : 30 + Math.floor(uniform() * 10)]
    })
  }

  it('where the taste changes, only the latest visits count', () => {
    const { log, popularity } = shop(changing(3000))
    expect([...openersOf(log, popularity, K).trending.subarray(0, 3)].sort()).toEqual([12, 13, 14])
  })

  it('where lists find less with new items, the pack names none', () => {
    const { log, popularity } = shop(
      Array.from({ length: 3000 }, (_, s) => [s % 30, ...(s > 2900 ? [35] : [])]),
    )
    expect([...freshOf(log, popularity, K)]).toEqual([35])
    expect([...openersOf(log, popularity, K).fresh]).toEqual([])
  })

  it('a log with few visits chooses nothing: all visits count, and no item is new', () => {
    const { log, popularity } = shop([...times(50, [1]), ...times(40, [2])])
    const { trending, fresh } = openersOf(log, popularity, K)
    expect([...trending]).toEqual([1, 2])
    expect([...fresh]).toEqual([])
  })
})
