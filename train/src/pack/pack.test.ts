/** How a shop's content is written to disk, and what a browser reads from it. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { openCatalog } from '../../../worker/catalog/open.js'
import { countOf } from '../../../worker/catalog/popularity.js'
import { openJs } from '../../../worker/compute/js.js'
import { disagreement } from '../../../worker/golden.js'
import { readBlend } from '../../../worker/rank/read.js'
import type { AttentionTensors } from '../../../worker/session/attention.js'
import { readEncoder } from '../../../worker/session/read.js'
import { example, exampleGru } from '../../fixtures/packs.js'
import { compareIds } from './content.js'
import { popularityCode } from './encode.js'
import { readManifest } from './folder.js'
import { readPackFromDisk } from './read.js'
import { writePack } from './write.js'

const root = mkdtempSync(join(tmpdir(), 'nearside-pack-'))
afterAll(() => rmSync(root, { recursive: true }))
let folders = 0
const folder = () => join(root, `${folders++}`)

test.each([
  [1, 1],
  [15, 3],
  [100, 16],
  [1000, 64],
])('%i items of %i dimensions come back as they went in', async (n, dim) => {
  const content = example(n, dim)
  const out = folder()
  writePack(content, out)
  const pack = await readPackFromDisk(out)
  const catalog = openCatalog(pack)
  expect(catalog.size).toBe(n)
  expect(Array.from({ length: n }, (_, row) => catalog.idOf(row))).toEqual(content.ids)
  expect(content.ids.map((id) => catalog.rowOf(id))).toEqual([...content.ids.keys()])
  for (const unknown of ['', 'a', 'zzz', '~', '🛒', '\u{10ffff}', `${content.ids[0]}x`]) {
    expect(catalog.rowOf(unknown)).toBe(content.ids.indexOf(unknown))
  }
  expect(catalog.codes).toEqual(content.codes)
  expect(catalog.bias).toEqual(content.bias)
  expect([catalog.step, catalog.biasStep]).toEqual([content.step, content.biasStep])
  expect(readEncoder(pack)).toEqual(content.encoder)
  expect(readBlend(pack)).toEqual(content.blend)
  expect(readManifest(out)!.json.lineage).toMatchObject({ validation: { recall20: 0.5 } })
  for (const [t, { offsets, rows, weights }] of content.tables.entries()) {
    for (let row = 0; row < n; row++) {
      const found = catalog.neighbours(t, row)
      const [from, to] = [offsets[row]!, offsets[row + 1]!]
      expect(found.rows).toEqual(rows.slice(from, to))
      const squares = Array.from(weights.subarray(from, to), (w) => w ** 2)
      const sum = squares.reduce((a, b) => a + b, 0)
      expect(found.weights).toEqual(Float32Array.from(squares, (square) => Math.fround(square) / sum))
    }
  }
})

test('what visits begin with and what is new come back, and nothing where a pack does not say', async () => {
  const content = example(100, 16)
  const shown = [...content.popularity.keys()].filter((row) => content.popularity[row]! > 0)
  const openers = { trending: Uint32Array.from(shown.slice(5, 9)).reverse(), fresh: new Uint32Array() }
  const [said, silent] = [folder(), folder()]
  writePack({ ...content, openers }, said)
  writePack(content, silent)
  const read = async (from: string) => openCatalog(await readPackFromDisk(from))
  expect(await read(said)).toMatchObject(openers)
  expect(await read(silent)).toMatchObject({ trending: new Uint32Array(), fresh: new Uint32Array() })
  const hidden = Uint32Array.of(content.popularity.indexOf(0))
  const wrong = { ...content, openers: { ...openers, fresh: hidden } }
  expect(() => writePack(wrong, said)).toThrow('items.fresh: not distinct rows of positive popularity')
})

test('the weights for sets without an order come back as they were', async () => {
  const content = example(15, 3)
  const { server } = content.blend.buckets[0]!
  const weights = (again: number) => ({
    dense: 1,
    denseExponent: 0.5,
    table: [4, 0.25],
    tableExponent: [1.5, 1],
    profile: 0,
    server,
    again,
    againExponent: 0.5,
  })
  content.blend.even = [weights(30), weights(0)]
  const out = folder()
  writePack(content, out)
  expect(readBlend(await readPackFromDisk(out))).toEqual(content.blend)
})

test('an encoder of the other kind comes back as it was', async () => {
  const encoder = exampleGru(16, 24)
  const out = folder()
  expect(writePack({ ...example(), encoder }, out).encoder).toEqual({ kind: 'gru', window: 20 })
  expect(readEncoder(await readPackFromDisk(out))).toEqual(encoder)
})

test('facts are those of the catalogue, without absent values and without links that are not addresses', async () => {
  const content = example(50)
  const out = folder()
  writePack(content, out)
  const catalog = openCatalog(await readPackFromDisk(out))
  for (const [row, id] of content.ids.entries()) {
    const { title, category, brand, price, available } = content.facts!
    expect(catalog.facts(row)).toEqual({
      id,
      popularity: catalog.popularity(row),
      ...(title![row] ? { title: title![row] } : {}),
      ...(category![row] ? { category: category![row] } : {}),
      brand: brand![row],
      ...(Number.isNaN(price![row]) ? {} : { price: price![row] }),
      ...(row === 3 ? {} : { image: `/img/${row}.webp` }),
      ...(row === 4 ? {} : { url: `https://shop.example/p/${row}` }),
      ...(available![row] === undefined ? {} : { available: available![row] }),
    })
  }
})

test('popularity has an error of at most 1/16, and the most popular items keep their exact order', async () => {
  for (let count = 0; count < 200_000; count = Math.ceil(count * 1.01) + (count < 20 ? 1 : 0)) {
    const read = countOf(popularityCode(count))
    expect(Math.abs(read - count)).toBeLessThanOrEqual(count <= 16 ? 0 : count / 16)
  }
  expect(countOf(popularityCode(2 ** 32 - 1))).toBeGreaterThan(2 ** 31)

  const content = example(3000)
  content.popularity = content.popularity.map((count, row) =>
    count === 0 ? 0 : 5000 + ((row * 7919) % 3000),
  )
  const out = folder()
  writePack(content, out)
  const catalog = openCatalog(await readPackFromDisk(out))
  const order = [...content.popularity.keys()]
    .filter((row) => content.popularity[row]! > 0)
    .sort((a, b) => content.popularity[b]! - content.popularity[a]! || a - b)
  expect([...catalog.popular(5)]).toEqual(order.slice(0, 5))
  expect([...catalog.popular(1000)]).toEqual(order.slice(0, 1000))
  expect([...catalog.popular(10_000)]).toEqual(order.slice(0, 1000))
})

test('a pack gives the stored answers to its golden sequences', async () => {
  const out = folder()
  writePack(example(), out)
  const pack = await readPackFromDisk(out)
  const catalog = openCatalog(pack)
  const scorer = openJs(catalog.codes, catalog.bias, catalog.dim)
  const model = { catalog, scorer, encoder: readEncoder(pack), blend: readBlend(pack) }
  expect(pack.manifest.golden.map(({ rows }) => rows.length)).toEqual([1, 2, 5, 20])
  expect(pack.manifest.golden.every(({ top }) => top.length === 10)).toBe(true)
  expect(disagreement(model, pack.manifest.golden)).toBeUndefined()
})

test('the same content gives the same bytes', () => {
  process.env.SOURCE_DATE_EPOCH = '1760000000'
  const [a, b] = [folder(), folder()]
  writePack(example(), a)
  writePack(example(), b)
  delete process.env.SOURCE_DATE_EPOCH
  expect(readdirSync(a)).toEqual(readdirSync(b))
  for (const name of readdirSync(a)) expect(readFileSync(join(a, name))).toEqual(readFileSync(join(b, name)))
})

test('each file has a gzip form next to it, and the manifest has both sizes', () => {
  const out = folder()
  const { files } = writePack(example(), out)
  expect(Object.keys(files)).toEqual(['items', 'neighbours', 'model', 'facts'])
  for (const { name, size, encodedSize } of Object.values(files)) {
    const bytes = readFileSync(join(out, name))
    const zipped = readFileSync(join(out, `${name}.gz`))
    expect([bytes.length, zipped.length]).toEqual([size, encodedSize])
    expect(gunzipSync(zipped)).toEqual(bytes)
  }
})

test('training into the same folder again makes the next sequence and keeps one pack for rollback', async () => {
  const out = folder()
  const first = writePack(example(100, 16, 1), out)
  const second = writePack(example(100, 16, 2), out)
  const third = writePack(example(100, 16, 3), out)
  expect([first, second, third].map(({ sequence }) => sequence)).toEqual([1, 2, 3])
  const left = readdirSync(out)
  const names = (m: typeof first) => Object.values(m.files).map(({ name }) => name)
  expect(names(third).every((name) => left.includes(name) && left.includes(`${name}.gz`))).toBe(true)
  expect(names(second).every((name) => left.includes(name))).toBe(true)
  expect(names(first).filter((name) => left.includes(name) && !names(second).includes(name))).toEqual([])
  expect(readdirSync(join(out, 'history'))).toEqual(['2.json'])
  expect(readdirSync(root).filter((name) => name.includes('.tmp-'))).toEqual([])
  expect((await readPackFromDisk(out)).manifest.sequence).toBe(3)
})

test('the first sequence of a folder can be chosen, and later ones count up from it', () => {
  const out = folder()
  expect(writePack(example(), out, { firstSequence: 42 }).sequence).toBe(42)
  expect(writePack(example(), out, { firstSequence: 42 }).sequence).toBe(43)
})

test('content that contradicts itself is not written', () => {
  const broken = (change: (content: ReturnType<typeof example>) => void) => () => {
    const content = example()
    change(content)
    writePack(content, folder())
  }
  expect(broken((c) => c.ids.reverse())).toThrow(/do not ascend/)
  expect(broken((c) => c.ids.splice(0))).toThrow(/no items/)
  expect(broken((c) => c.tables[0]!.rows.reverse())).toThrow(
    /table symmetric, row \d+: neighbour .* does not ascend/,
  )
  expect(broken((c) => (c.codes = c.codes.slice(1)))).toThrow(/codes, expected 100 \* 16/)
  expect(broken((c) => (c.encoder as AttentionTensors).attention.fill(Number.NaN, 3, 4))).toThrow(
    /encoder.attention holds NaN/,
  )
  expect(broken((c) => (c.encoder = exampleGru(8, 6)))).toThrow(
    /encoder.output: f32 \[8,6\], expected f32 \[16,-1\]/,
  )
  expect(broken((c) => (c.encoder = exampleGru(16, 520)))).toThrow(
    /encoder.output: a state of 520 values, at most 512/,
  )
  expect(broken((c) => (c.encoder = { ...exampleGru(16, 8), inputBias: new Float32Array(8) }))).toThrow(
    /encoder.inputBias: 8 values, expected 24/,
  )
  expect(broken((c) => (c.facts!.price = Float32Array.of(1)))).toThrow(/facts.price: 1 values/)
})

test('a folder with a broken manifest is not overwritten', () => {
  const out = folder()
  writePack(example(), out)
  writeFileSync(join(out, 'manifest.json'), '{"shop": "settings"}')
  expect(() => writePack(example(), out)).toThrow(/manifest.json: format is absent/)
})

test('ids ascend in the order of their UTF-8 bytes', () => {
  const ids = ['b', 'a', 'ab', '', 'é', '\uffff', '🛒', '\ue000', '商品', 'Z', '\u{10ffff}']
  const bytes = (id: string) => Buffer.from(id)
  expect([...ids].sort(compareIds)).toEqual([...ids].sort((a, b) => Buffer.compare(bytes(a), bytes(b))))
})
