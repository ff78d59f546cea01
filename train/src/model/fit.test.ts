import { expect, it } from 'vitest'
import { fit } from './fit.js'
import { hyperFor, hyperOnwards } from './hyper.js'
import { KINDS, type Kind } from './kinds.js'
import { type Log, sliceLog } from './log.js'
import { random } from './random.js'

const ITEMS = 40

/** People who mostly go from one item to the next. */
function walks(sessions: number): Log {
  const uniform = random(4)
  const offsets = [0]
  const rows: number[] = []
  for (let s = 0; s < sessions; s++) {
    let item = Math.floor(uniform() * ITEMS)
    for (let e = 0; e < 2 + uniform() * 5; e++) {
      rows.push(item)
      item = uniform() < 0.8 ? (item + 1) % ITEMS : Math.floor(uniform() * ITEMS)
    }
    offsets.push(rows.length)
  }
  return {
    items: ITEMS,
    sessions,
    offsets: Uint32Array.from(offsets),
    rows: Uint32Array.from(rows),
    weights: new Float32Array(rows.length).fill(1),
    persons: Int32Array.from({ length: sessions }, (_, s) => s),
    ends: Float64Array.from({ length: sessions }, (_, s) => s),
  }
}

it.each(Object.keys(KINDS) as Kind[])('goes on from where another training ended: %s', async (kind) => {
  const log = walks(400)
  const hyper = hyperFor(kind, log.rows.length, ITEMS, 16, 1)
  const options = { workers: 1, minSessions: 3 }
  const start = await fit(sliceLog(log, 0, 380), null, hyper, options)
  // With next to no rate nothing moves, so what comes out is what was taken over.
  const same = await fit(log, null, { ...hyper, rate: 1e-9, epochs: 1 }, { ...options, start })
  for (const name of ['vectors', 'bias', 'token', 'repeat'] as const) {
    expect(distance(same[name], start[name]), name).toBeLessThan(1e-5)
  }
  const sections = KINDS[kind].sections(start.encoder)
  for (const [name, { values }] of Object.entries(KINDS[kind].sections(same.encoder))) {
    expect(distance(values, sections[name]!.values), name).toBeLessThan(1e-5)
  }
  // What rests on counts is of the whole log.
  const anew = await fit(log, null, { ...hyper, epochs: 1 }, options)
  expect(same.tables).toEqual(anew.tables)
  expect(same.support).toEqual(anew.support)
  expect(distance(anew.vectors, start.vectors)).toBeGreaterThan(0.1)
})

it('goes on only where the log is long', () => {
  const hyper = hyperFor('attention', 3_000_000, 1000, 64, 1)
  expect(hyperOnwards(hyper, 1_000_000)).toBeNull()
  expect(hyperOnwards(hyper, 3_000_000)).toMatchObject({ epochs: 1, rate: (hyper.rate * 2) / 3 })
})

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0)
}
