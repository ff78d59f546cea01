import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { walks } from '../../fixtures/logs.js'
import type { TrainOptions } from '../model/options.js'
import { quantise } from '../model/result/quantise.js'
import { trainModel } from '../model/train.js'
import type { PackContent } from '../pack/content.js'
import { checkpointFolder, FolderCheckpoint } from './checkpoint.js'

const options: TrainOptions = { dim: 16, seed: 1, workers: 1, minSessions: 2, encoder: 'auto' }

const data = walks(600, 40, 9)

let root: string
let whole: PackContent
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'checkpoint-test-'))
  whole = quantise(await trainModel(data, null, options), null)
})
afterAll(() => rm(root, { recursive: true }))

const said: string[] = []
const enough = new AbortController()
const open = (folder: string, log = 'a') => {
  said.length = 0
  // `every: 0` saves at every chance.
  return new FolderCheckpoint(
    folder,
    { 'the log': log },
    { every: 0, enough: enough.signal, say: (line) => said.push(line) },
  )
}
const train = async (checkpoint: FolderCheckpoint, onProgress: TrainOptions['onProgress'] = () => {}) =>
  quantise(await trainModel(data, null, { ...options, checkpoint, onProgress }), null)

/** Copies of the folder, one at each progress report: what a power cut at that moment would leave. */
async function cuts(): Promise<string[]> {
  const folder = join(root, 'running')
  const found: string[] = []
  await train(open(folder), ({ phase, done }) => {
    if (!existsSync(folder)) return
    const copy = join(root, `cut-${found.length} at ${done} of ${phase}`)
    cpSync(folder, copy, { recursive: true })
    found.push(copy)
  })
  return found
}

it('continues from wherever it was cut, and ends with the same bytes', async () => {
  const found = await cuts()
  const some = found.filter((_, i) => i % Math.ceil(found.length / 3) === 0)
  for (const folder of new Set([...some, found.at(-1)!])) {
    const checkpoint = open(folder)
    const phases: string[] = []
    expect(await train(checkpoint, ({ phase }) => phases.push(phase)), folder).toEqual(whole)
    expect(checkpoint.continued).toBeDefined()
    expect(said[0]).toMatch(/^Continuing the training that was started .* \d+ %$/)
    checkpoint.remove()
    expect(existsSync(folder)).toBe(false)
  }
})

it('starts over for another log, says why, and uses nothing of the first training', async () => {
  const folder = join(root, 'other')
  await train(open(folder))
  const other = open(folder, 'b')
  expect(said[0]).toContain('What differs: the log')
  expect(other.continued).toBeUndefined()
  expect(other.kept).toBe(false)

  // Two runs at the same time: one finds a file of the other.
  const mine = open(folder, 'b')
  await mine.step('choices', async () => 'mine')
  rmSync(join(folder, 'training.json'))
  const theirs = join(root, 'theirs')
  await open(theirs, 'c').step('choices', async () => 'theirs')
  cpSync(join(theirs, 'choices.state'), join(folder, 'choices.state'))
  expect(await mine.step('choices', async () => 'again')).toBe('again')
})

it('trains again the parts that are damaged', async () => {
  const folder = join(root, 'damaged')
  await train(open(folder))
  for (const file of readdirSync(folder)) {
    if (file.endsWith('.state')) truncateSync(join(folder, file), 50)
  }
  expect(await train(open(folder))).toEqual(whole)
  expect(said.filter((line) => line.includes('damaged')).length).toBeGreaterThan(1)
})

it('lets the training continue when nothing can be saved', async () => {
  const file = join(root, 'file')
  writeFileSync(file, '')
  expect(await train(open(join(file, 'under')))).toEqual(whole)
  expect(said).toEqual([expect.stringContaining('No more checkpoints')])
})

it('continues after Ctrl-C, and keeps no choice that was made after it', async () => {
  const folder = join(root, 'hurried')
  const hurry = new AbortController()
  const checkpoint = new FolderCheckpoint(
    folder,
    { 'the log': 'a' },
    { every: 0, enough: hurry.signal, say() {} },
  )
  const onProgress = ({ phase, done }: { phase: string; done: number }) => {
    // A fast machine may finish an encoder before it reports progress, so a later phase is a second chance.
    if ((phase === 'validation of gru' && done > 0) || phase === 'quantisation') hurry.abort()
  }
  const cut = await trainModel(data, null, { ...options, checkpoint, enough: hurry.signal, onProgress })
  expect(cut.lineage.cutShort).toBeDefined()
  expect(await train(open(folder))).toEqual(whole)
})

it('is a hidden folder beside the pack', () => {
  mkdirSync(join(root, 'packs'))
  expect(checkpointFolder(join(root, 'packs/shop/'))).toBe(join(root, 'packs/.shop.checkpoint'))
})
