/** What a shop does with a pack between trainings, and what a browser then finds. */
import { generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openCatalog } from '../../../worker/catalog/open.js'
import { example } from '../../fixtures/packs.js'
import { register as registerInspect } from '../commands/inspect.js'
import { register as registerRelease } from '../commands/release.js'
import { readManifest } from './folder.js'
import { readPackFromDisk } from './read.js'
import { writePack } from './write.js'

let folder: string
let pack: string
let printed: string[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nearside-release-'))
  pack = join(folder, 'shop')
  printed = []
  vi.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text))
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

/** Runs `nearside …` and returns its output. */
async function nearside(...args: string[]): Promise<string> {
  const program = new Command('nearside').exitOverride()
  registerInspect(program)
  registerRelease(program)
  printed.length = 0
  await program.parseAsync(args, { from: 'user' })
  return printed.join('\n')
}

const codes = async () => openCatalog(await readPackFromDisk(pack)).codes
const manifest = () => readManifest(pack)!.json

test('disable and enable publish two new sequences of the same files', async () => {
  const { files } = writePack(example(), pack)
  expect(await nearside('disable', pack)).toBe(`${pack}: disabled as sequence 2, unsigned`)
  expect(manifest()).toMatchObject({ sequence: 2, disabled: true, files })
  await expect(nearside('disable', pack)).rejects.toThrow(/sequence 2 is disabled already/)
  await nearside('enable', pack)
  expect(manifest()).toMatchObject({ sequence: 3, disabled: false, files })
})

test('a rollback publishes the old files as a new sequence, also after disable', async () => {
  writePack(example(100, 16, 1), pack)
  const good = await codes()
  writePack(example(100, 16, 2), pack)
  expect(await codes()).not.toEqual(good)
  await nearside('disable', pack)
  expect(await nearside('rollback', pack)).toBe(
    `${pack}: sequence 4 has the files of 1 (before: 3), unsigned`,
  )
  expect(manifest()).toMatchObject({ sequence: 4, disabled: false, lineage: { seed: 1 } })
  expect(await codes()).toEqual(good)
  await nearside('rollback', pack, '--to', '2')
  expect(manifest()).toMatchObject({ sequence: 5, lineage: { seed: 2 } })
})

test('a rollback to a missing pack fails, and the error lists the possible ones', async () => {
  writePack(example(), pack)
  await expect(nearside('rollback', pack)).rejects.toThrow(/no earlier pack .* kept in history: none/)
  for (const seed of [2, 3]) writePack(example(100, 16, seed), pack)
  await expect(nearside('rollback', pack, '--to', '1')).rejects.toThrow(/no sequence 1 .* kept in history: 2/)
  await expect(nearside('rollback', join(folder, 'nothing'))).rejects.toThrow(/no manifest\.json/)
})

test('fields that a newer nearside wrote into a manifest are kept', async () => {
  writePack(example(), pack)
  const path = join(pack, 'manifest.json')
  const json = JSON.parse(readFileSync(path, 'utf8'))
  json.colour = 'blue'
  json.sections.push({ ...json.sections[0], name: 'items.mood', required: false })
  writeFileSync(path, JSON.stringify(json))
  await nearside('disable', pack)
  const after = JSON.parse(readFileSync(path, 'utf8'))
  expect(after).toMatchObject({ colour: 'blue', disabled: true })
  expect(after.sections).toHaveLength(json.sections.length)
})

test('a key is never overwritten, signs each manifest, and only the latest signature is valid', async () => {
  const key = join(folder, 'shop.pem')
  const publicKey = (await nearside('keygen', '--out', key)).split('\n').at(-1)!
  expect(Buffer.from(publicKey, 'base64')).toHaveLength(32)
  expect(statSync(key).mode & 0o777).toBe(0o600)
  await expect(nearside('keygen', '--out', key)).rejects.toThrow(/never overwritten/)

  writePack(example(), pack)
  await expect(readPackFromDisk(pack, publicKey)).rejects.toMatchObject({ code: 'signature' })
  await nearside('sign', pack, '--key', key)
  expect((await readPackFromDisk(pack, publicKey)).signed).toBe(true)
  await nearside('disable', pack)
  expect(existsSync(join(pack, 'manifest.sig'))).toBe(false)
  await nearside('enable', pack, '--key', key)
  expect((await readPackFromDisk(pack, publicKey)).signed).toBe(true)

  const other = join(folder, 'other.pem')
  const otherKey = (await nearside('keygen', '--out', other)).split('\n').at(-1)!
  await expect(readPackFromDisk(pack, otherKey)).rejects.toMatchObject({ code: 'signature' })
})

test('keys of other kinds are refused with an explanation', async () => {
  writePack(example(), pack)
  const key = join(folder, 'rsa.pem')
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
  writeFileSync(key, privateKey.export({ type: 'pkcs8', format: 'pem' }))
  await expect(nearside('sign', pack, '--key', key)).rejects.toThrow(/a key of type rsa, expected ed25519/)
  writeFileSync(key, 'not a key')
  await expect(nearside('sign', pack, '--key', key)).rejects.toThrow(
    /expected the PEM of an Ed25519 private key/,
  )
})

test('inspect shows what is in a pack, its size and how it was trained', async () => {
  writePack(example(100, 16, 1), pack)
  writePack(example(100, 16, 2), pack)
  const text = await nearside('inspect', pack)
  expect(text).toMatch(/items +100, vectors of 16/)
  expect(text).toMatch(/k +3: every pair, vector and count rests on at least 3 distinct sessions/)
  expect(text).toMatch(/roll back to +1$/m)
  expect(text).toMatch(/trained on +12,345 events, 2,345 sessions/)
  expect(text).toMatch(/ {2}items\.vectors +i8 +100x16 +\w+ +1,600 /)

  const json = JSON.parse(await nearside('inspect', pack, '--json'))
  expect(json).toMatchObject({ sequence: 2, minSessions: 3, items: 100, signature: 'none', earlier: [1] })
  const sizes = Object.values<{ raw: number }>(json.files).map(({ raw }) => raw)
  expect(json.bytes).toBe(sizes.reduce((a, b) => a + b))
  expect(json.wireBytes).toBeLessThan(json.wireBytesGzip)
  expect(json.bytesPerItem).toBeCloseTo(json.files.items.brotli / 100)
})

test('inspect warns that a pack with k = 1 contains data of single sessions', async () => {
  writePack({ ...example(), minSessions: 1 }, pack)
  expect(await nearside('inspect', pack)).toMatch(/k +1: the pack contains data of single sessions/)
})

test('inspect refuses a damaged pack', async () => {
  const { files } = writePack(example(), pack)
  const path = join(pack, files.items!.name)
  const bytes = readFileSync(path)
  bytes[200]! ^= 1
  writeFileSync(path, bytes)
  await expect(nearside('inspect', pack)).rejects.toThrow(/items\.\w+\.bin: SHA-256 is/)
})
