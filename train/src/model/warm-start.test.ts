import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { gather } from '../../../worker/rank/evidence.js'
import { retrieve } from '../../../worker/rank/retrieve.js'
import { interactionsOf } from '../../fixtures/logs.js'
import type { Interactions } from '../data/interactions.js'
import { random } from '../maths/random.js'
import { writePack } from '../pack/write.js'
import type { TrainOptions } from './options.js'
import { modelOf } from './result/model-of.js'
import { quantise } from './result/quantise.js'
import { type ParentPack, readParentPack } from './start/parent-pack.js'
import { trainModel } from './train.js'

const DIM = 16
const SHELVES = 6
const OLD = 60
/** New items on two shelves. By id they sort between the old items. */
const FRESH = ['item000-b', 'item001-b']
const options: TrainOptions = { dim: DIM, seed: 1, workers: 1, minSessions: 3, encoder: 'attention' }

const idOf = (i: number) => (i < OLD ? `item${String(i).padStart(3, '0')}` : FRESH[i - OLD]!)

/**
 * Each visit stays on one shelf. From session `old` on, visits are to the first two shelves only, with their new
 * items.
 */
function shop(old: number, sessions = old): Interactions {
  const uniform = random(5)
  const visits: string[][] = []
  for (let s = 0; s < sessions; s++) {
    const shelf = Math.floor(uniform() * (s < old ? SHELVES : 2))
    const visit = Array.from({ length: 3 + Math.floor(uniform() * 4) }, () => {
      const place = Math.floor(uniform() * (OLD / SHELVES - 1))
      return idOf(s >= old && place < 2 ? OLD + shelf : shelf + SHELVES * place)
    })
    visits.push(visit)
  }
  const ids = [...new Set([...Array.from({ length: OLD }, (_, i) => idOf(i)), ...visits.flat()])].sort()
  return interactionsOf(
    ids,
    visits.map((visit) => visit.map((id) => ids.indexOf(id))),
  )
}

let folder: string
let parent: ParentPack
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warm-start-test-'))
  writePack(quantise(await trainModel(shop(800), null, options), null), folder, { firstSequence: 7 })
  parent = await readParentPack(folder)
}, 60_000)
afterAll(() => rm(folder, { recursive: true }))

it('keeps the codes of items without new events, and learns new items', async () => {
  const data = shop(800, 1400)
  const model = await trainModel(data, null, { ...options, from: parent })
  const content = quantise(model, null)
  const before = parent.served.catalog
  expect(content.step).toBe(before.step)
  expect(content.biasStep).toBe(before.biasStep)
  let changed = 0
  for (const [row, id] of data.ids.entries()) {
    const codes = content.codes.subarray(row * DIM, row * DIM + DIM)
    const old = before.rowOf(id)
    if (old < 0) continue
    const same = codes.join() === before.codes.subarray(old * DIM, old * DIM + DIM).join()
    const shelf = Number(id.slice(4)) % SHELVES
    if (shelf >= 2 || Number(id.slice(4)) >= OLD - SHELVES) {
      expect(same, id).toBe(true)
      expect(content.bias[row], id).toBe(before.bias[old])
    } else if (!same) changed++
  }
  expect(changed).toBeGreaterThan(0)
  expect(model.lineage).toMatchObject({ parent: 7, sessions: 1400 })
  expect(model.lineage.validation.predictions).toBeGreaterThan(100)

  const served = await modelOf(content)
  const shown = retrieve(served, gather(served, [{ row: data.ids.indexOf('item006'), weight: 1 }]), 10)
  expect(Array.from(shown.rows, (row) => data.ids[row])).toContain('item000-b')
})

it('changes no vector when nothing is new, and no byte from run to run', async () => {
  const again = () => trainModel(shop(800), null, { ...options, from: parent })
  const content = quantise(await again(), null)
  expect(content.codes).toEqual(parent.served.catalog.codes)
  expect(content.bias).toEqual(parent.served.catalog.bias)
  expect(quantise(await again(), null)).toEqual(content)
})

it.each(['gru', 'mixed'] as const)('continues with the encoder %s', async (kind) => {
  const own = join(folder, kind)
  const asked = { ...options, encoder: kind }
  writePack(quantise(await trainModel(shop(400), null, asked), null), own, { firstSequence: 1 })
  const from = await readParentPack(own)
  const data = shop(400, 700)
  // `encoder` in the options is ignored: the earlier pack decides the kind.
  const content = quantise(await trainModel(data, null, { ...options, from }), null)
  expect(content.encoder.kind).toBe(kind)
  const served = await modelOf(content)
  const shown = retrieve(served, gather(served, [{ row: data.ids.indexOf('item006'), weight: 1 }]), 10)
  expect(Array.from(shown.rows, (row) => data.ids[row])).toContain('item000-b')
})

it('drops items that have become rare, even if the earlier pack has vectors for them', async () => {
  const model = await trainModel(shop(800, 820), null, { ...options, minSessions: 200, from: parent })
  expect(model.hidden.every((hidden) => hidden === 1)).toBe(true)
  const codes = quantise(model, null).codes
  for (let at = DIM; at < codes.length; at += DIM) {
    expect(codes.subarray(at, at + DIM)).toEqual(codes.subarray(0, DIM))
  }
})

it('refuses the pack of another shop', async () => {
  const data = {
    ...shop(50),
    ids: Array.from({ length: OLD }, (_, i) => `other${String(i).padStart(3, '0')}`),
  }
  await expect(trainModel(data, null, { ...options, from: parent })).rejects.toThrow('another shop')
})
