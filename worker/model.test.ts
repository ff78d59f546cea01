/** Packs that earlier versions wrote can still be read, and give the same values. */
import { expect, test } from 'vitest'
import { openCatalog } from './catalog/open.js'
import { openJs } from './compute/js.js'
import { filesOf, openFixture } from './fixtures/packs.js'
import { disagreement } from './golden.js'
import type { Pack } from './pack/pack.js'
import { readBlend } from './rank/read.js'
import type { AttentionTensors } from './session/attention.js'
import type { GruTensors } from './session/gru.js'
import { readEncoder } from './session/read.js'

test('the pack of format 1 is read as it was written', async () => {
  const pack = await openFixture()
  const catalog = openCatalog(pack)
  const encoder = readEncoder(pack) as AttentionTensors
  const blend = readBlend(pack)
  expect(pack.manifest).toMatchObject({ version: 1, sequence: 1, items: 96, dim: 16, minSessions: 3 })
  expect(catalog.tables).toEqual(['symmetric', 'forward'])
  expect({
    ids: [0, 16, 50, 95].map((row) => catalog.idOf(row)),
    rows: ['🛒-95', '🛒-16'].map((id) => catalog.rowOf(id)),
    codes: [...catalog.codes.subarray(0, 16)],
    step: catalog.step,
    bias: [...catalog.bias.subarray(0, 10)],
    biasStep: catalog.biasStep,
    popular: [...catalog.popular(5)],
    popularity: [0, 9, 50].map((row) => catalog.popularity(row)),
    neighbours: [...catalog.neighbours(0, 21).rows],
    weights: [...catalog.neighbours(0, 21).weights].map((weight) => weight.toFixed(5)),
    forward: [...catalog.neighbours(1, 95).rows],
    facts: [catalog.facts(3), catalog.facts(4), catalog.facts(9)],
    encoder: [encoder.window, encoder.scale, encoder.attention[17], encoder.position[3]],
    blend: [blend.buckets[2], [...blend.repeat], blend.rareBias, blend.tableDecay, blend.tableWindow],
  }).toMatchInlineSnapshot(`
    {
      "bias": [
        -36,
        -45,
        28,
        -5,
        -20,
        -27,
        -16,
        27,
        20,
        -128,
      ],
      "biasStep": 0.05,
      "blend": [
        {
          "again": 0,
          "dense": 1,
          "denseExponent": 0.75,
          "profile": 0.25,
          "server": 0.125,
          "table": [
            0.75,
            0.25,
          ],
          "tableExponent": [
            0.5,
            1,
          ],
        },
        [
          -1,
          0.5,
          0.25,
        ],
        -2,
        0.75,
        20,
      ],
      "codes": [
        -17,
        17,
        0,
        -8,
        12,
        -2,
        0,
        -3,
        -5,
        3,
        3,
        5,
        -5,
        5,
        5,
        -4,
      ],
      "encoder": [
        20,
        12.5,
        0.34758707880973816,
        -0.75,
      ],
      "facts": [
        {
          "available": true,
          "brand": "Acme",
          "category": "Living > Lamps",
          "id": "a-rather-long-prefix-27",
          "popularity": 13,
          "price": 34.23,
          "title": "Red lamp 3",
          "url": "https://shop.example/p/3",
        },
        {
          "available": true,
          "brand": "Björk & Søn",
          "category": "Living > Lamps",
          "id": "a-rather-long-prefix-36",
          "image": "/img/4.webp",
          "popularity": 15,
          "price": 76.26,
          "title": "Red lamp 4",
        },
        {
          "available": true,
          "brand": "Acme",
          "category": "Living > Lamps",
          "id": "a-rather-long-prefix-60",
          "image": "/img/9.webp",
          "popularity": 0,
          "url": "https://shop.example/p/9",
        },
      ],
      "forward": [
        41,
        60,
        72,
      ],
      "ids": [
        "a-rather-long-prefix-1",
        "sku-13",
        "äöü-61",
        "🛒-95",
      ],
      "neighbours": [
        13,
        25,
        26,
        39,
        51,
        78,
      ],
      "popular": [
        22,
        88,
        67,
        10,
        15,
      ],
      "popularity": [
        14,
        0,
        64,
      ],
      "rows": [
        95,
        -1,
      ],
      "step": 0.01,
      "weights": [
        "0.23936",
        "0.15511",
        "0.03735",
        "0.14563",
        "0.05747",
        "0.36508",
      ],
    }
  `)
})

test('a gru encoder is read as it was written', async () => {
  const tensors = readEncoder(await openFixture(true, filesOf('v1-gru'))) as GruTensors
  const { kind, window, scale } = tensors
  expect({
    kind,
    window,
    scale,
    output: [...tensors.output.subarray(0, 3)],
    bias: tensors.recurrentBias[17],
    weights: [tensors.inputWeights.length, tensors.recurrentWeights[107]],
  }).toMatchInlineSnapshot(`
    {
      "bias": -0.839674711227417,
      "kind": "gru",
      "output": [
        0.7097273468971252,
        -0.9160910248756409,
        -0.19643767178058624,
      ],
      "scale": 12.5,
      "weights": [
        144,
        0.3168409466743469,
      ],
      "window": 20,
    }
  `)
})

test.each(['v1', 'v1-gru'] as const)('%s answers its golden sequences', async (fixture) => {
  const pack = await openFixture(true, filesOf(fixture))
  const catalog = openCatalog(pack)
  const scorer = openJs(catalog.codes, catalog.bias, catalog.dim)
  const model = { catalog, scorer, encoder: readEncoder(pack), blend: readBlend(pack) }
  expect(pack.manifest.golden).toHaveLength(4)
  expect(disagreement(model, pack.manifest.golden)).toBeUndefined()
})

const fileOf = (pack: Pack, key: string) =>
  pack.attached.find(({ file }) => file === pack.manifest.files[key])!.bytes

test('facts can come later than everything else', async () => {
  const whole = await openFixture()
  const pack = await openFixture(false)
  const catalog = openCatalog(pack)
  expect(catalog.facts(5)).toEqual({ id: catalog.idOf(5), popularity: catalog.popularity(5) })
  pack.attach('facts', fileOf(whole, 'facts'))
  expect(catalog.facts(5)).toEqual(openCatalog(whole).facts(5))
  expect(catalog.facts(5).title).toBeTypeOf('string')
})

test('bytes that are not aligned are read all the same', async () => {
  const aligned = await openFixture()
  const pack = await openFixture(false)
  const bytes = fileOf(aligned, 'neighbours')
  const shifted = new Uint8Array(bytes.length + 3).subarray(3)
  shifted.set(bytes)
  pack.attach('neighbours', shifted)
  expect(openCatalog(pack).neighbours(0, 20)).toEqual(openCatalog(aligned).neighbours(0, 20))
})
