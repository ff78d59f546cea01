import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readSnapshot, writeSnapshot } from './snapshot.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'snapshot-test-'))
})
afterAll(() => rm(folder, { recursive: true }))

const value = { name: 'a', blend: Float32Array.of(1, 2), none: -Infinity }

it('gives back what was written, also from shared memory and for arrays longer than one piece', () => {
  const path = join(folder, 'whole')
  const shared = new Float32Array(new SharedArrayBuffer(400_000 * 4)).map((_, i) => Math.sin(i))
  writeSnapshot(path, value, [shared, Float32Array.of(7)])
  const snapshot = readSnapshot(path)!
  expect(snapshot.value).toEqual(value)
  const arrays = [new Float32Array(400_000), new Float32Array(1), new Float32Array(3).fill(5)]
  expect(snapshot.fill(arrays)).toBe(true)
  expect(Buffer.from(arrays[0]!.buffer).equals(Buffer.from(shared.buffer))).toBe(true)
  expect([...arrays[1]!, ...arrays[2]!]).toEqual([7, 5, 5, 5])
})

it('fills no array if the lengths differ', () => {
  const path = join(folder, 'lengths')
  writeSnapshot(path, value, [Float32Array.of(1, 2)])
  const array = new Float32Array(3)
  expect(readSnapshot(path)!.fill([array])).toBe(false)
  expect(readSnapshot(path)!.fill([])).toBe(false)
  expect([...array]).toEqual([0, 0, 0])
})

it('recognises a damaged or incomplete file', async () => {
  const path = join(folder, 'damaged')
  expect(readSnapshot(path)).toBeUndefined()
  writeSnapshot(path, value, [new Float32Array(1000)])
  const sound = await readFile(path)
  for (const length of [0, 10, 34, 40, sound.length - 1]) {
    await writeFile(path, sound)
    await truncate(path, length)
    expect(readSnapshot(path), `${length} bytes`).toBeUndefined()
  }
  for (const at of [0, 33, 35, 60, sound.length - 5]) {
    const flipped = Buffer.from(sound)
    flipped[at]! ^= 64
    await writeFile(path, flipped)
    expect(readSnapshot(path), `byte ${at}`).toBeUndefined()
  }
})
