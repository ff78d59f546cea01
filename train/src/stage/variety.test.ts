import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openModel } from '../../../worker/model.js'
import { example } from '../../fixtures/packs.js'
import type { Interactions } from '../data/interactions.js'
import { random } from '../maths/random.js'
import { modelOf } from '../model/result/model-of.js'
import { readPackFromDisk } from '../pack/read.js'
import { writePack } from '../pack/write.js'
import { stageLines } from './text.js'
import { fitVariety } from './variety.js'

const folder = mkdtempSync(join(tmpdir(), 'nearside-variety-'))
afterAll(() => rmSync(folder, { recursive: true }))

const N = 300
const shop = example(N, 16, 3)

function logOf(sessions: number): Interactions {
  const uniform = random(1, 5)
  const rows = Uint32Array.from({ length: 5 * sessions }, () => Math.floor(N * uniform() ** 2))
  return {
    ids: shop.ids,
    offsets: Uint32Array.from({ length: sessions + 1 }, (_, s) => 5 * s),
    rows,
    weights: new Float32Array(rows.length).fill(1),
    times: Float64Array.from(rows, (_, e) => 1.7e9 + 600 * e),
    users: null,
    time: 'real',
  }
}

test('the strength is the highest that costs little, and the run says so', async () => {
  const variety = (await fitVariety(await modelOf(shop), logOf(400)))!
  expect(variety.lists).toBe(1600)
  expect(variety.strength).toBeGreaterThan(0)
  expect(variety.strength).toBeLessThanOrEqual(1)
  expect(variety.cost).toBeLessThanOrEqual(0.015)
  expect(stageLines({ variety })).toEqual([
    `variety: true means ${variety.strength} here, which costs ${(100 * variety.cost).toFixed(1)} % of NDCG@10 on 1600 held-out lists`,
  ])
})

test('too few sessions tell nothing', async () => {
  expect(await fitVariety(await modelOf(shop), logOf(200))).toBeUndefined()
})

test('the pack tells the engine, and its files stay the same', async () => {
  const without = writePack(shop, folder)
  expect((await openModel(await readPackFromDisk(folder), 'auto')).variety).toBeUndefined()
  const { files } = writePack(shop, folder, { variety: 0.7 })
  expect((await openModel(await readPackFromDisk(folder), 'auto')).variety).toBe(0.7)
  expect(files).toEqual(without.files)
})
