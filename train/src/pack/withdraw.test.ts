import { expect, test } from 'vitest'
import { gather, viewsOf } from '../../../worker/rank/evidence.js'
import { retrieve } from '../../../worker/rank/retrieve.js'
import { example } from '../../fixtures/packs.js'
import { modelOf } from '../model/result/model-of.js'
import { withdraw } from './withdraw.js'

test('a withdrawn item still counts as a step of a session, and is never recommended', async () => {
  const content = example(100, 16)
  const rows = Uint32Array.from({ length: 30 }, (_, i) => 3 * i)
  const before = await modelOf(content)
  const after = await modelOf(withdraw(content, rows))
  const out = new Set(rows)
  const list = (model: typeof after, row: number) =>
    Array.from(retrieve(model, gather(model, viewsOf([row])), 20).rows).filter((other) => other !== row)
  let told = 0
  for (const row of rows) {
    const found = list(after, row)
    expect(found.filter((other) => out.has(other))).toEqual([])
    told += found.length
  }
  expect(told).toBeGreaterThan(20 * rows.length * 0.5)
  expect(list(before, 0).some((row) => out.has(row))).toBe(true)
  expect(Array.from(after.catalog.popular(100)).filter((row) => out.has(row))).toEqual([])
})
