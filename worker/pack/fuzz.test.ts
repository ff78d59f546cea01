/**
 * 100,000 seeded mutations of a pack. Reading a mutated pack either works or throws a PackError. It always ends soon, and
 * it never returns a row that does not exist.
 */
import { expect, test } from 'vitest'
import type { Catalog } from '../catalog/catalog.js'
import { openCatalog } from '../catalog/open.js'
import { filesOf, manifestBytes } from '../fixtures/packs.js'
import { readBlend } from '../rank/read.js'
import { encode } from '../session/encoder.js'
import { readEncoder } from '../session/read.js'
import { PackError } from './errors.js'
import type { Manifest } from './manifest.js'
import { createPack } from './pack.js'
import { parseManifest } from './parse.js'
import { readRelease, verifyFile } from './verify.js'

/** Mulberry32: the same mutations in every run. */
function random(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below)
  }
}

const EXTREMES = [0, 1, 15, 16, 127, 128, 240, 254, 255]
const NUMBERS = [
  ...['0', '1', '-1', '7', '8', '96', '97', '255', '256', '65536', '16777216', '2147483647', '4294967295'],
  ...[
    '9007199254740993',
    '1e308',
    '1e400',
    '-1e400',
    '0.5',
    '1e-300',
    '1e2',
    'null',
    'true',
    '"1"',
    '[]',
    '{}',
    '""',
  ],
]

/** A copy of the bytes with bits flipped, or parts cut, moved, repeated or set to extreme values. */
function mutateBytes(original: Uint8Array, pick: (below: number) => number): Uint8Array {
  const bytes = original.slice()
  switch (pick(7)) {
    case 0:
    case 1:
      for (let flips = 1 + pick(8); flips > 0; flips--) bytes[pick(bytes.length)]! ^= 1 << pick(8)
      return bytes
    case 2:
      return bytes.subarray(0, pick(bytes.length))
    case 3: {
      const length = 1 + pick(64)
      const [from, to] = [pick(bytes.length), pick(bytes.length)]
      bytes.copyWithin(to, from, from + length)
      return bytes
    }
    case 4: {
      const at = pick(bytes.length)
      const removed = 1 + pick(16)
      return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + removed)])
    }
    case 5: {
      const extreme = EXTREMES[pick(EXTREMES.length)]!
      const at = pick(bytes.length)
      return bytes.fill(extreme, at, at + 1 + pick(32))
    }
    default:
      for (let words = 1 + pick(3); words > 0; words--) {
        const at = pick(Math.floor(bytes.length / 4)) * 4
        new DataView(bytes.buffer).setUint32(at, EXTREMES[pick(EXTREMES.length)]! << (8 * pick(4)), true)
      }
      return bytes
  }
}

/** The pack to mutate: its manifest parsed, as text, and the text in pieces, of which every second one is a value. */
function subject(fixture: 'v1' | 'v1-gru') {
  const files = filesOf(fixture)
  const text = new TextDecoder().decode(files.get('manifest.json')!)
  const manifest: Manifest = JSON.parse(text)
  const names = Object.values(manifest.files).map(({ name }) => name)
  return {
    files,
    text,
    manifest,
    names,
    pieces: JSON.stringify(manifest).split(/(?<=[:[,])(-?\d[\d.e+-]*|true|false|null|"[^"]*")(?=[,\]}])/),
  }
}
type Subject = ReturnType<typeof subject>
const v1 = subject('v1')

/** A manifest with values replaced by numbers or by each other, or its text damaged. */
function mutateManifest({ text, pieces: whole }: Subject, pick: (below: number) => number): Uint8Array {
  if (pick(4) === 0) return mutateBytes(new TextEncoder().encode(text), pick)
  const pieces = [...whole]
  const value = () => 1 + 2 * pick((pieces.length - 1) / 2)
  for (let changes = 1 + pick(3); changes > 0; changes--) {
    pieces[value()] = pick(2) === 0 ? NUMBERS[pick(NUMBERS.length)]! : whole[value()]!
  }
  let changed = pieces.join('')
  if (pick(10) === 0) changed = changed.replace(/"(name|shape|offset|size)"/, '"__proto__"')
  return new TextEncoder().encode(changed)
}

/** Reads a whole catalogue. A row out of range fails the test; a PackError does not. */
function exercise(catalog: Catalog, pick: (below: number) => number): void {
  const within = (rows: Uint32Array) => {
    for (const row of rows) if (row >= catalog.size) throw new Error(`row ${row} of ${catalog.size}`)
  }
  const attempt = (work: () => void) => {
    try {
      work()
    } catch (error) {
      if (!(error instanceof PackError)) throw error
    }
  }
  for (let reads = 0; reads < 4; reads++) {
    const row = pick(catalog.size)
    attempt(() => {
      const found = catalog.rowOf(catalog.idOf(row))
      if (found < -1 || found >= catalog.size) throw new Error(`found at ${found}`)
    })
    attempt(() => catalog.rowOf(['', 'sku-1', '商品-3', 'zzz', '\u{10ffff}'][pick(5)]!))
    attempt(() => catalog.facts(row))
    for (const t of catalog.tables.keys()) {
      attempt(() => {
        const { rows, weights } = catalog.neighbours(t, row)
        within(rows)
        if (rows.length !== weights.length) throw new Error('not as many weights as rows')
        if (!weights.every((weight) => weight >= 0 && weight <= 1)) throw new Error(`weights ${weights}`)
      })
    }
    if (!catalog.vector(row).every(Number.isFinite)) throw new Error('a vector that is not finite')
  }
  within(catalog.popular(pick(200)))
  if (catalog.codes.length !== catalog.size * catalog.dim) throw new Error('codes of another shape')
}

function open(m: Manifest, contents: ReadonlyMap<string, Uint8Array>, pick: (below: number) => number): void {
  const pack = createPack({ manifest: m, bytes: manifestBytes, hash: '', signed: false })
  for (const key of [...pack.missing(true), ...pack.missing(false)]) {
    const content = contents.get(m.files[key]!.name)
    if (!content) throw new PackError('network', 'manifest.json: names a file that is not there')
    pack.attach(key, content)
  }
  const catalog = openCatalog(pack)
  const encoder = readEncoder(pack)
  const blend = readBlend(pack)
  for (const value of Object.values(encoder).flat()) {
    if (value instanceof Float32Array && !value.every(Number.isFinite)) throw new Error('encoder')
  }
  if (!blend.repeat.every(Number.isFinite)) throw new Error('blend')
  exercise(catalog, pick)
  const steps = Array.from({ length: pick(4) }, () => ({ row: pick(catalog.size), weight: 1 }))
  const { vector } = encode(encoder, steps, catalog.vector)
  if (vector && !vector.every(Number.isFinite)) throw new Error('a session vector that is not finite')
}

/** Counts the results of the mutations. */
interface Tally {
  read: number
  refused: number
}

function tally(count: number, seed: number, mutate: (pick: (below: number) => number) => void): Tally {
  const pick = random(seed)
  const sum = { read: 0, refused: 0 }
  for (let i = 0; i < count; i++) {
    try {
      mutate(pick)
      sum.read++
    } catch (error) {
      if (!(error instanceof PackError)) throw new Error(`mutation ${i} of seed ${seed}`, { cause: error })
      if (!/^[\w.-]+(\.json|\.bin)?: |^section /.test(error.message))
        throw new Error(`says "${error.message}"`)
      sum.refused++
    }
  }
  expect(Object.prototype).not.toHaveProperty('size')
  return sum
}

test.each([
  [40_000, 'v1'],
  [5_000, 'v1-gru'],
] as const)('%i mutated manifests of %s', (count, fixture) => {
  const mutated = subject(fixture)
  const { read, refused } = tally(count, 1, (pick) =>
    open(parseManifest(mutateManifest(mutated, pick)), mutated.files, pick),
  )
  expect(read).toBeGreaterThan(count / 40)
  expect(refused).toBeGreaterThan(count / 4)
})

test.each([
  [60_000, 'v1'],
  [10_000, 'v1-gru'],
] as const)('%i packs like %s with mutated files whose hashes are not looked at', (count, fixture) => {
  const { files, names, manifest } = subject(fixture)
  const parsed = parseManifest(files.get('manifest.json')!)
  expect(parsed.encoder).toEqual(manifest.encoder)
  const { read, refused } = tally(count, 2, (pick) => {
    const name = names[pick(names.length)]!
    const damaged = new Map<string, Uint8Array>(files).set(name, mutateBytes(files.get(name)!, pick))
    open(parsed, damaged, pick)
  })
  expect(read).toBeGreaterThan(count / 60)
  expect(refused).toBeGreaterThan(count / 6)
})

test('2,000 mutated files are all refused by size or hash', async () => {
  const pick = random(3)
  for (let i = 0; i < 2000; i++) {
    const file = Object.values(v1.manifest.files)[pick(v1.names.length)]!
    const original = v1.files.get(file.name)!
    const damaged = mutateBytes(original, pick)
    const same = damaged.length === original.length && damaged.every((byte, at) => byte === original[at])
    const code = await verifyFile(file, damaged).then(
      () => 'good',
      (error) => error.code,
    )
    expect(code).toMatch(same ? /good/ : /hash|truncated|too-large/)
  }
})

test('2,000 mutated manifests do not pass for signed ones', async () => {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
  const key = Buffer.from(await crypto.subtle.exportKey('raw', pair.publicKey)).toString('base64')
  const signed = await crypto.subtle.sign('Ed25519', pair.privateKey, new TextEncoder().encode(v1.text))
  const signature = Buffer.from(signed).toString('base64')
  const pick = random(4)
  for (let i = 0; i < 2000; i++) {
    const bytes = mutateManifest(v1, pick)
    if (new TextDecoder().decode(bytes) === v1.text) continue
    await expect(readRelease(bytes, { key, signature })).rejects.toMatchObject({ code: 'signature' })
  }
})
