/** Invalid packs are refused, and the error says which part is wrong and why. */
import { expect, test } from 'vitest'
import { openCatalog } from '../catalog/open.js'
import { encode, files, manifest, manifestBytes } from '../fixtures/packs.js'
import { readBlend } from '../rank/read.js'
import { readEncoder } from '../session/read.js'
import type { PackErrorCode } from './errors.js'
import { PackError } from './errors.js'
import type { Manifest } from './manifest.js'
import { createPack } from './pack.js'
import { MAX_MANIFEST_BYTES, parseManifest } from './parse.js'
import { sha256, verifyFile } from './verify.js'

function refusal(work: () => unknown): [PackErrorCode, string] {
  try {
    work()
  } catch (error) {
    if (error instanceof PackError) return [error.code, error.message]
    throw error
  }
  throw new Error('not refused')
}

/** The error for a manifest after a change: its code and message. */
function changed(change: (m: Manifest) => void): [PackErrorCode, string] {
  const m = manifest()
  change(m)
  return refusal(() => parseManifest(encode(m)))
}

const section = (m: Manifest, name: string) => m.sections.find((s) => s.name === name)!

/** Opens everything in a pack with these files. */
function open(bytes: Uint8Array, contents: ReadonlyMap<string, Uint8Array>): void {
  const m = parseManifest(bytes)
  const pack = createPack({ manifest: m, bytes, hash: '', signed: false })
  for (const [key, { name }] of Object.entries(m.files)) pack.attach(key, contents.get(name)!)
  const catalog = openCatalog(pack)
  readEncoder(pack)
  readBlend(pack)
  for (let row = 0; row < catalog.size; row++) {
    catalog.facts(row)
    for (const t of catalog.tables.keys()) catalog.neighbours(t, row)
  }
}

test('an intact pack is not refused', () => {
  expect(() => open(manifestBytes, files)).not.toThrow()
})

test.each<[string, (m: Manifest) => void, PackErrorCode, RegExp]>([
  [
    'another format',
    (m) => {
      m.format = 'shop' as never
    },
    'malformed',
    /format is "shop"/,
  ],
  [
    'a newer version',
    (m) => {
      m.version = 2
    },
    'version',
    /format version 2 is newer than 1; update nearside/,
  ],
  [
    'a version in words',
    (m) => {
      m.version = 'one' as never
    },
    'malformed',
    /version is "one", expected an integer/,
  ],
  ['no sequence', (m) => void delete (m as Partial<Manifest>).sequence, 'malformed', /sequence is absent/],
  [
    'a negative sequence',
    (m) => {
      m.sequence = -1
    },
    'malformed',
    /sequence is -1/,
  ],
  [
    'too many items',
    (m) => {
      m.items = 2 ** 31
    },
    'malformed',
    /items is 2147483648/,
  ],
  [
    'a wide vector',
    (m) => {
      m.dim = 129
    },
    'malformed',
    /dim is 129, expected an integer from 1 to 128/,
  ],
  [
    'another encoder',
    (m) => {
      m.encoder.kind = 'transformer'
    },
    'unsupported',
    /encoder "transformer" is not known/,
  ],
  [
    'files beyond the limit',
    (m) => {
      m.files.items!.size = 2 ** 27
    },
    'too-large',
    /files of 134223240 bytes, at most 67108864 allowed/,
  ],
  [
    'a file outside the folder',
    (m) => {
      m.files.items!.name = '../secret.bin'
    },
    'malformed',
    /files\.items\.name is "\.\.\/secret\.bin"/,
  ],
  [
    'a name of other content',
    (m) => {
      m.files.items!.name = m.files.model!.name
    },
    'malformed',
    /model\.\w+\.bin is not named by its sha256/,
  ],
  [
    'a hash of another kind',
    (m) => {
      m.files.items!.sha256 = 'abc'
    },
    'malformed',
    /items\.\w+\.bin is not named by its sha256/,
  ],
  [
    'a prototype for a file',
    (m) => {
      m.files = JSON.parse('{"__proto__": {"size": 1}}')
    },
    'malformed',
    /files\.__proto__\.name is absent/,
  ],
  [
    'a section twice',
    (m) => void m.sections.push(section(m, 'items.bias')),
    'malformed',
    /section items\.bias is listed twice/,
  ],
  [
    'a section of no file',
    (m) => {
      section(m, 'items.bias').file = 'toString'
    },
    'malformed',
    /section items\.bias: 96 bytes at \d+ of file toString/,
  ],
  [
    'a section beyond its file',
    (m) => {
      section(m, 'items.bias').offset += 8000
    },
    'malformed',
    /section items\.bias: 96 bytes at \d+ of file items cannot be i8 \[96\]/,
  ],
  [
    'a section off its boundary',
    (m) => {
      section(m, 'items.bias').offset += 4
    },
    'malformed',
    /section items\.bias: 96 bytes at \d+ of file items/,
  ],
  [
    'a section cut short',
    (m) => {
      section(m, 'items.bias').length -= 1
    },
    'malformed',
    /section items\.bias: 95 bytes at \d+ of file items cannot be i8 \[96\]/,
  ],
  [
    'more strings than bytes',
    (m) => {
      section(m, 'facts.brand.names').shape = [1000]
    },
    'malformed',
    /section facts\.brand\.names: \d+ bytes .* cannot be u8 \[1000\]/,
  ],
  [
    'a new encoding',
    (m) => {
      section(m, 'items.vectors').encoding = 'pq' as never
    },
    'unsupported',
    /section items\.vectors \(i8, pq\) is required but not known; update nearside/,
  ],
  [
    'a new required section',
    (m) => void m.sections.push({ ...section(m, 'items.bias'), name: 'items.mood' }),
    'unsupported',
    /section items\.mood \(i8, raw\) is required but not known; update nearside/,
  ],
  [
    'a date that is none',
    (m) => {
      m.created = 2025 as never
    },
    'malformed',
    /created is 2025, expected a string/,
  ],
])('refuses %s', (_, change, code, message) => {
  const [gotCode, gotMessage] = changed(change)
  expect(gotMessage).toMatch(message)
  expect(gotMessage).toMatch(/^manifest\.json: /)
  expect(gotCode).toBe(code)
})

test('refuses a file that is not a manifest', () => {
  const said = (text: string) => refusal(() => parseManifest(encode(text)))
  expect(said('<!doctype html>')).toEqual([
    'malformed',
    'manifest.json: not JSON, begins with "<!doctype html>"',
  ])
  expect(said('[1]')[1]).toMatch(/the whole is an object or list, expected an object/)
  expect(said('null')[1]).toMatch(/the whole is null/)
  expect(said('')[0]).toBe('malformed')
  expect(said('['.repeat(60_000))[0]).toBe('malformed')
  expect(said(`{"format":${'['.repeat(30_000)}${']'.repeat(30_000)}}`)[1]).toMatch(
    /format is an object or list/,
  )
  expect(said(' '.repeat(MAX_MANIFEST_BYTES + 1))).toEqual([
    'too-large',
    'manifest.json: more than 65536 bytes',
  ])
})

test('ignores unknown sections that are optional', () => {
  const m = manifest()
  m.sections.push(
    { ...section(m, 'items.bias'), name: 'items.mood', required: false, dtype: 'f64' as never },
    { ...section(m, 'items.bias'), name: 'items.place', required: false, file: 'elsewhere' },
  )
  section(m, 'facts.title').encoding = 'dictionary' as never
  const read = parseManifest(encode({ ...m, colour: 'blue' }))
  expect(read).not.toHaveProperty('colour')
  const names = read.sections.map(({ name }) => name)
  expect(names).not.toContain('items.mood')
  expect(names).not.toContain('items.place')
  expect(names).not.toContain('facts.title')
  expect(names).toContain('facts.price')
})

test('a total that the shop allows is not too large', () => {
  expect(refusal(() => parseManifest(manifestBytes, 5000))[0]).toBe('too-large')
  expect(parseManifest(manifestBytes, 8000).items).toBe(96)
})

test('refuses a file that is short, long or changed, by name', async () => {
  const file = manifest().files.items!
  const bytes = files.get(file.name)!
  const said = async (content: Uint8Array) => {
    const error = await verifyFile(file, content).catch((thrown) => thrown)
    return [error.code, error.message]
  }
  await expect(verifyFile(file, bytes)).resolves.toBeUndefined()
  expect(await said(bytes.subarray(1))).toEqual(['truncated', `${file.name}: 2463 bytes, expected 2464`])
  expect(await said(new Uint8Array(3000))).toEqual(['too-large', `${file.name}: 3000 bytes, expected 2464`])
  const tampered = bytes.slice()
  tampered[100]! ^= 1
  expect(await said(tampered)).toEqual([
    'hash',
    expect.stringMatching(/^items\.\w+\.bin: SHA-256 is .*, expected/),
  ])
  expect(await sha256(encode('abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})

/** Manifests that are valid in themselves, but do not match the files. */
test.each<[string, (m: Manifest) => void, RegExp]>([
  [
    'sections in each other\u2019s place',
    (m) => {
      const [a, b] = [section(m, 'blend.dense'), section(m, 'blend.server')]
      ;[a.offset, b.offset] = [b.offset, a.offset]
    },
    /section blend\.dense is not at \d+/,
  ],
  [
    'sections under each other\u2019s name',
    (m) => {
      const [a, b] = [section(m, 'blend.profile'), section(m, 'blend.server')]
      ;[a.name, b.name] = [b.name, a.name]
    },
    /section blend\.(profile|server) is not at/,
  ],
  [
    'another scale',
    (m) => {
      section(m, 'items.vectors').scale = 0.02
    },
    /section items\.vectors is not at/,
  ],
  [
    'a shape of its own',
    (m) => {
      section(m, 'items.vectors').shape = [16, 96]
    },
    /section items\.vectors is not at/,
  ],
  [
    'another dtype',
    (m) => {
      section(m, 'items.bias').dtype = 'u8'
    },
    /section items\.bias is not at/,
  ],
  [
    'another layout',
    (m) => {
      section(m, 'items.ids').encoding = 'varint-delta'
    },
    /section items\.ids is not at/,
  ],
  [
    'a section missing',
    (m) => {
      m.sections = m.sections.filter((s) => s.name !== 'items.bias')
    },
    /section items\.bias is missing/,
  ],
  [
    'a table that is nowhere',
    (m) => void m.tables.push('other'),
    /section neighbours\.other\.lengths is missing/,
  ],
  [
    'another count',
    (m) => {
      section(m, 'items.popular').shape = [86]
    },
    /items\.popular: 348 bytes at \d+ of file items cannot be u32 \[86\]/,
  ],
])('refuses %s', (_, change, message) => {
  const m = manifest()
  change(m)
  const [code, said] = refusal(() => open(encode(m), files))
  expect(code).toBe('malformed')
  expect(said).toMatch(message)
})

test('refuses files that are exchanged', async () => {
  const m = manifest()
  const [items, model] = [m.files.items!, m.files.model!]
  expect((await verifyFile(items, files.get(model.name)!).catch((e) => e)).code).toBe('truncated')
  // Also if the hashes are exchanged too, which only the maker of the manifest could do.
  ;[m.files.items, m.files.model] = [model, items]
  const [code, said] = refusal(() => open(encode(m), files))
  expect(code).toBe('malformed')
  expect(said).toMatch(/section \S+ is not at|of file items cannot be/)
})

/** Damaged files with correct hashes: a bug of the writer, or an attack by the maker of the pack. */
test.each<[string, string, (bytes: DataView, at: number, length: number) => void, RegExp]>([
  [
    'a number that is none in the encoder',
    'encoder.attention',
    (v, at) => v.setFloat32(at + 8, Number.NaN, true),
    /encoder\.attention holds NaN/,
  ],
  [
    'an infinite weight',
    'blend.dense',
    (v, at) => v.setFloat32(at, Infinity, true),
    /blend\.dense holds Infinity/,
  ],
  [
    'a negative exponent',
    'blend.tableExponent',
    (v, at) => v.setFloat32(at, -1, true),
    /blend\.tableExponent holds -1/,
  ],
  [
    'popular rows beyond the items',
    'items.popular',
    (v, at) => v.setUint32(at, 96, true),
    /items\.popular: not distinct rows/,
  ],
  [
    'a popular row twice',
    'items.popular',
    (v, at) => v.setUint32(at, v.getUint32(at + 4, true), true),
    /items\.popular: not distinct rows/,
  ],
  [
    'id blocks that overrun',
    'items.ids',
    (v, at) => v.setUint32(at, 0xffffffff, true),
    /items\.ids: its blocks do not fill it/,
  ],
  [
    'an id that shares too much',
    'items.ids',
    (v, at) => v.setUint8(at + 24, 0x5f),
    /items\.ids: a string shares more than there is/,
  ],
  [
    'list lengths that do not add up',
    'neighbours.symmetric.lengths',
    (v, at) => v.setUint8(at, 255),
    /neighbours\.symmetric\.weights: u8 \[275\], expected u8 \[\d+\]/,
  ],
  [
    'list blocks that do not add up',
    'neighbours.forward.rows',
    (v, at) => v.setUint32(at, 9999, true),
    /neighbours\.forward\.rows: its blocks do not fill it/,
  ],
  [
    'a list that does not ascend',
    'neighbours.symmetric.rows',
    (v, at) => v.setUint8(at + 24, 0),
    /neighbours\.symmetric\.rows: list \d+ does not ascend/,
  ],
  [
    'a neighbour beyond the items',
    'neighbours.symmetric.rows',
    (v, at) => v.setUint8(at + 24, 127),
    /neighbours\.symmetric\.rows: list \d+ does not ascend within the items/,
  ],
  [
    'a list that ends within a number',
    'neighbours.forward.rows',
    (v, at, length) => v.setUint8(at + length - 1, 255),
    /neighbours\.forward\.rows: a block ends too early/,
  ],
  [
    'a category that has no name',
    'facts.category',
    (v, at) => v.setUint8(at, 200),
    /facts\.category: no name has number 200/,
  ],
])('refuses %s', (_, name, damage, message) => {
  const m = manifest()
  const { file, offset, length } = section(m, name)
  const damaged = new Map(files)
  const bytes = files.get(m.files[file]!.name)!.slice()
  damage(new DataView(bytes.buffer), offset, length)
  damaged.set(m.files[file]!.name, bytes)
  const [code, said] = refusal(() => open(manifestBytes, damaged))
  expect(said).toMatch(message)
  expect(code).toBe('malformed')
})
