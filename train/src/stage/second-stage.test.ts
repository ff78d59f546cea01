import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openModel } from '../../../worker/model.js'
import type { WireEvent } from '../../../worker/protocol.js'
import { answerRank, answerSimilar } from '../../../worker/rank/answer.js'
import { contextOf, knownBy } from '../../../worker/rank/candidates.js'
import { gather, type ServingModel, viewsOf } from '../../../worker/rank/evidence.js'
import { given } from '../../../worker/rank/given.js'
import { shape } from '../../../worker/shape/shape.js'
import { STAGE, stageOf } from '../../../worker/shape/stage-features.js'
import { example } from '../../fixtures/packs.js'
import type { Interactions } from '../data/interactions.js'
import { random } from '../maths/random.js'
import { modelOf } from '../model/result/model-of.js'
import type { PackContent } from '../pack/content.js'
import { readPackFromDisk } from '../pack/read.js'
import { writePack } from '../pack/write.js'
import { secondStage } from './second-stage.js'
import { stageLines } from './text.js'

const folder = mkdtempSync(join(tmpdir(), 'nearside-stage-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function served(content: PackContent): Promise<ServingModel> {
  writePack(content, folder)
  return openModel(await readPackFromDisk(folder), 'auto')
}

const N = 120
const shop = example(N, 16, 3)
const priced = (row: number) => shop.facts!.price![row]! > 0

/** Sessions of five looks. @param pick the next item after the first */
function logOf(sessions: number, seed: number, pick: (first: number, uniform: () => number) => number) {
  const uniform = random(seed, 5)
  const any = () => Math.floor(uniform() * N)
  const rows = Array.from({ length: sessions }, () => {
    let first = any()
    while (!priced(first)) first = any()
    return [first, ...Array.from({ length: 4 }, () => pick(first, uniform))]
  }).flat()
  const log: Interactions = {
    ids: shop.ids,
    offsets: Uint32Array.from({ length: sessions + 1 }, (_, s) => 5 * s),
    rows: Uint32Array.from(rows),
    weights: new Float32Array(rows.length).fill(1),
    times: Float64Array.from(rows, (_, e) => 1.7e9 + 600 * e),
    users: null,
    time: 'real',
  }
  return log
}

const anything = (_: number, uniform: () => number) => Math.floor(uniform() * N)
/** An item that costs about as much. */
function ofThisPrice(first: number, uniform: () => number): number {
  for (;;) {
    const row = Math.floor(uniform() * N)
    if (Math.abs(Math.log(shop.facts!.price![row]! / shop.facts!.price![first]!)) < 0.3) return row
  }
}

test('training and the engine see the same features', async () => {
  const openers = { trending: new Uint32Array(), fresh: Uint32Array.from([2, 4, 6]) }
  const [trainer, engine] = [await modelOf({ ...shop, openers }), await served({ ...shop, openers })]
  const last = shop.facts!.category!.findIndex((name) => name !== undefined)
  const now = Date.UTC(2026, 4, 2, 19, 30)
  const events: WireEvent[] = [
    { id: '1', name: 'view_item', time: now - 9 * 86_400_000, items: [{ item_id: shop.ids[8]! }] },
    { id: '2', name: 'view_item', time: now - 60_000, items: [{ item_id: shop.ids[3]! }] },
  ]
  const columns = [trainer, engine].map((model) => {
    const evidence = gather(model, viewsOf([3, last]), [{ row: 8, strength: 0.2 }])
    const context = contextOf(model, { ...knownBy(evidence), events, now }, { ids: shop.ids })
    const read = stageOf(given(context), context)
    return shop.ids.map((_, i) => {
      const out = new Float64Array(STAGE.length)
      read(i, out)
      return out
    })
  })
  expect(columns[0]).toEqual(columns[1])
  const silent = STAGE.filter((_, f) => columns[0]!.every((values) => values[f] === 0))
  // No device says that it is mobile, and nothing was disliked.
  expect(silent).toEqual(['mobile', 'fatigue'])
})

test('a shop whose visitors keep to a price range gets a second stage that says so', async () => {
  const model = await modelOf(shop)
  const { weights, report, ...rest } = await secondStage(
    model,
    logOf(150, 1, ofThisPrice),
    logOf(300, 2, ofThisPrice),
  )
  expect(report).toMatchObject({ kept: true })
  expect(report!.whole.ci95[0]).toBeGreaterThan(0)
  expect(weights![STAGE.indexOf('price')]).toBeGreaterThan(0)
  expect(report!.features.price!.ci95[0]).toBeGreaterThan(0)
  expect(weights![STAGE.indexOf('server')]).toBe(0)
  expect(stageLines({ report: report!, ...rest })[0]).toMatch(/^second stage: kept, \+0\.\d+ \(95 %/)

  // The engine then prefers what fits the visitor's range, and nothing else has changed.
  const cheap = [...shop.ids.keys()].filter((row) => priced(row) && shop.facts!.price![row]! < 30)
  const ids = shop.ids.filter((_, row) => priced(row))
  const orderBy = async (content: PackContent) => {
    const serving = await served(content)
    const known = knownBy(gather(serving, viewsOf(cheap.slice(0, 4))))
    return answerRank(serving, known, { slot: '', ids, limit: ids.length }, { shape }).ids
  }
  const pricesOf = (list: string[]) =>
    list.slice(0, 12).reduce((sum, id) => sum + shop.facts!.price![shop.ids.indexOf(id)]!, 0)
  const [plain, staged] = [
    await orderBy(shop),
    await orderBy({ ...shop, stage: Float32Array.from(weights!) }),
  ]
  expect(pricesOf(staged)).toBeLessThan(0.7 * pricesOf(plain))
  expect(await orderBy({ ...shop, stage: new Float32Array(STAGE.length) })).toEqual(plain)
})

test('a shop whose visitors do not care leaves it out', async () => {
  const { weights, report, similar } = await secondStage(
    await modelOf(shop),
    logOf(150, 1, anything),
    logOf(300, 2, anything),
  )
  expect(report).toMatchObject({ kept: false })
  expect(weights).toBeUndefined()
  expect(similar).toBeUndefined()
})

test('too few visits say nothing', async () => {
  expect(
    await secondStage(await modelOf(shop), logOf(20, 1, ofThisPrice), logOf(20, 2, ofThisPrice)),
  ).toEqual({})
})

test('where visitors stay in a category, similar lists do too', async () => {
  const { category } = shop.facts!
  const ofThisCategory = (first: number, uniform: () => number): number => {
    for (;;) {
      const row = Math.floor(uniform() * N)
      if (category![row] === category![first]) return row
    }
  }
  const { similar, beside } = await secondStage(
    await modelOf(shop),
    logOf(150, 1, ofThisCategory),
    logOf(300, 2, ofThisCategory),
  )
  expect(beside).toMatchObject({ kept: true })
  const model = await served({ ...shop, similar })
  const row = category!.findIndex((name, row) => name !== undefined && shop.popularity[row]! > 0)
  const kinds = (head?: 'home') =>
    answerSimilar(
      model,
      knownBy(gather(model, [])),
      { slot: '', id: shop.ids[row]!, limit: 10, exclude: [] },
      head && { settings: { head } },
    ).ids.filter((id) => category![shop.ids.indexOf(id)] === category![row]).length
  expect(kinds()).toBeGreaterThan(kinds('home'))
})

test('weights beyond all reason are refused', async () => {
  await expect(served({ ...shop, stage: Float32Array.from([1e6]) })).rejects.toThrow(
    'section stage.linear holds 1000000',
  )
})
