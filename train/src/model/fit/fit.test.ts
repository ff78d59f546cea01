import { expect, it } from 'vitest'
import { walks } from '../../../fixtures/logs.js'
import type { Kind } from '../../encoders/kind.js'
import { KINDS } from '../../encoders/kinds.js'
import { positiveLog, sliceLog } from '../log/log.js'
import { hyperFor, hyperOnwards } from '../optimise/settings.js'
import { fit } from './fit.js'

const ITEMS = 40

it.each(Object.keys(KINDS) as Kind[])('continues where another training ended: %s', async (kind) => {
  const log = positiveLog(walks(400, ITEMS, 4))
  const hyper = hyperFor(kind, log.rows.length, ITEMS, 16, 1)
  const options = { workers: 1, minSessions: 3 }
  const firstFit = await fit(sliceLog(log, 0, 380), null, hyper, options)
  // At a rate of almost 0 nothing moves, so the result shows what the first training handed over.
  const same = await fit(log, null, { ...hyper, rate: 1e-9, epochs: 1 }, { ...options, firstFit })
  for (const name of ['vectors', 'bias', 'token', 'repeat'] as const) {
    expect(distance(same[name], firstFit[name]), name).toBeLessThan(1e-5)
  }
  const sections = KINDS[kind].sections(firstFit.encoder)
  for (const [name, { values }] of Object.entries(KINDS[kind].sections(same.encoder))) {
    expect(distance(values, sections[name]!.values), name).toBeLessThan(1e-5)
  }
  // Tables and support rest on counts: they come from the whole log.
  const anew = await fit(log, null, { ...hyper, epochs: 1 }, options)
  expect(same.tables).toEqual(anew.tables)
  expect(same.support).toEqual(anew.support)
  expect(distance(anew.vectors, firstFit.vectors)).toBeGreaterThan(0.1)
})

it('continues from the first training only if the log is long', () => {
  const hyper = hyperFor('attention', 3_000_000, 1000, 64, 1)
  expect(hyperOnwards(hyper, 1_000_000)).toBeNull()
  expect(hyperOnwards(hyper, 3_000_000)).toMatchObject({ epochs: 1, rate: (hyper.rate * 2) / 3 })
})

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0)
}
