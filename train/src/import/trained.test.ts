import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { encode } from '../../../worker/session/encoder.js'
import { floats, type ToyTensor, toyFile } from '../../fixtures/tensors.js'
import { normal, random } from '../maths/random.js'
import { alignTrained, readTrained } from './trained.js'

const folder = mkdtempSync(join(tmpdir(), 'nearside-import-'))
afterAll(() => rmSync(folder, { recursive: true }))

const uniform = random(5)
const noise = (...shape: number[]) => {
  const length = shape.reduce((product, side) => product * side, 1)
  return floats(
    shape,
    Float32Array.from({ length }, () => normal(uniform)),
  )
}

function files(tensors: Record<string, ToyTensor>, ids: string) {
  const [vectors, names] = [join(folder, 'vectors.safetensors'), join(folder, 'ids.jsonl')]
  writeFileSync(vectors, toyFile(tensors))
  writeFileSync(names, ids)
  return { vectors, ids: names, dim: 16 }
}

const IDS = '"b"\n{"id":"a","title":"A"}\n3\n'
const gru = {
  weight_ih_l0: noise(24, 4),
  weight_hh_l0: noise(24, 8),
  'output.weight': noise(4, 8),
}

describe('what was trained elsewhere', () => {
  it('is put into the order of the shop, and items without a vector are marked', async () => {
    const table = floats([3, 2], [3, 4, 0, -2, 0, 0])
    const trained = await readTrained(files({ embeddings: table, bias: floats([3], [1, 2, 3]) }, IDS))
    expect(trained).toMatchObject({ ids: ['b', 'a', '3'], dim: 8, from: 2, kept: 1, encoder: null })
    const imported = alignTrained(trained, ['3', 'a', 'b', 'c'], false)
    expect([...imported.known]).toEqual([0, 1, 1, 0])
    expect([...imported.bias!]).toEqual([0, 2, 1, 0])
    expect([...imported.vectors.subarray(8, 10)]).toEqual([0, -1])
    expect([...imported.vectors.subarray(16, 18)]).toEqual([Math.fround(0.6), Math.fround(0.8)])
  })

  it('is refused if ids are not UTF-8, because they would become other ids', async () => {
    const trained = files({ vectors: noise(2, 4) }, '')
    writeFileSync(trained.ids, Buffer.from('"a"\n"caf\xe9"\n', 'latin1'))
    await expect(readTrained(trained)).rejects.toThrow('ids.jsonl:2: the line is not UTF-8 text')
  })

  it('keeps products of vectors when it reduces their number of values', async () => {
    // Vectors of 100 values that are mixtures of 12 directions, with a little noise.
    const mix = noise(12, 100)
    const of = ({ bytes }: ToyTensor) => new Float32Array(bytes.buffer)
    const wide = Float32Array.from({ length: 50 * 100 }, () => 1e-3 * normal(uniform))
    for (let row = 0; row < 50; row++) {
      for (let k = 0; k < 12; k++) {
        const strength = normal(uniform)
        for (let d = 0; d < 100; d++) wide[row * 100 + d]! += strength * of(mix)[k * 100 + d]!
      }
    }
    const ids = Array.from({ length: 50 }, (_, i) => `"${i}"\n`).join('')
    const { vectors, dim, kept } = await readTrained(files({ vectors: floats([50, 100], wide) }, ids))
    expect([dim, kept > 0.9999, kept < 1]).toEqual([16, true, true])
    const cosine = (x: Float32Array, n: number, a: number, b: number) => {
      const [u, v] = [x.subarray(a * n, a * n + n), x.subarray(b * n, b * n + n)]
      return u.reduce((sum, value, d) => sum + value * v[d]!, 0) / (Math.hypot(...u) * Math.hypot(...v))
    }
    for (let row = 1; row < 50; row++) {
      expect(cosine(vectors, 16, 0, row)).toBeCloseTo(cosine(wide, 100, 0, row), 3)
    }
  })

  it('is read with an attention of nearside, whose item vectors need not have length 1', async () => {
    const attention = noise(4, 4)
    const table = noise(3, 4)
    const trained = await readTrained(
      files({ vectors: table, attention, position: floats([2], [0, -1]), scale: floats([1], [9]) }, IDS),
    )
    expect(trained.encoder).toMatchObject({ kind: 'attention', dim: 8, scale: 9 })
    const raw = new Float32Array(table.bytes.buffer)
    const rawEncoder = {
      kind: 'attention' as const,
      dim: 4,
      window: 50,
      scale: 9,
      attention: new Float32Array(attention.bytes.buffer),
      position: Float32Array.of(0, -1),
    }
    const steps = [0, 1, 2, 0].map((row) => ({ row, weight: 1 }))
    const theirs = encode(rawEncoder, steps, (row) => raw.subarray(row * 4, row * 4 + 4)).vector!
    const ours = encode(trained.encoder!, steps, (row) => trained.vectors.subarray(row * 8, row * 8 + 8))
      .vector!
    for (let d = 0; d < 8; d++) expect(ours[d]).toBeCloseTo(theirs[d] ?? 0, 5)
  })

  it('is read with an attention and a GRU, whose vectors are added', async () => {
    const vectors = noise(3, 4)
    const parts = { attention: { attention: noise(4, 4), position: noise(3) }, gru }
    const readOne = (tensors: Record<string, ToyTensor>) => readTrained(files({ vectors, ...tensors }, IDS))
    const said = async (tensors: Record<string, ToyTensor>, kind: string) => {
      const { encoder, dim, vectors } = await readOne(tensors)
      expect(encoder?.kind).toBe(kind)
      const steps = [0, 2, 1, 1].map((row) => ({ row, weight: 1 }))
      return encode(encoder!, steps, (row) => vectors.subarray(row * dim, row * dim + dim)).vector!
    }
    const a = await said(parts.attention, 'attention')
    const b = await said(parts.gru, 'gru')
    const both = await said({ ...parts.attention, ...parts.gru }, 'mixed')
    const sum = a.map((value, d) => value + b[d]!)
    for (let d = 0; d < 8; d++) expect(both[d]).toBeCloseTo(sum[d]! / Math.hypot(...sum), 5)
  })

  it.each<[string, Record<string, ToyTensor>, string]>([
    ['too many rows', { vectors: noise(4, 4) }, 'tensor "vectors" has 4 rows, expected 3, one for each id'],
    ['no vectors', { bias: noise(3) }, 'it has no tensor of item vectors'],
    [
      'two tables',
      { left: noise(3, 4), right: noise(3, 4) },
      '"left" and "right" could both be the item vectors',
    ],
    [
      'a bias of another length',
      { vectors: noise(3, 4), bias: noise(4) },
      'tensor "bias" has the shape [4], expected [3]',
    ],
    [
      'a GRU for vectors of another size',
      { ...gru, vectors: noise(3, 5) },
      'tensor "weight_ih_l0" has the shape [24, 4], expected [24, 5]',
    ],
    [
      'a GRU without recurrent weights',
      { vectors: noise(3, 4), weight_ih_l0: noise(24, 4) },
      'expected the tensor weight_hh_l0',
    ],
    [
      'a state of another size than item vectors, without an output',
      { vectors: noise(3, 4), weight_ih_l0: noise(24, 4), weight_hh_l0: noise(24, 8) },
      'expected a tensor output.weight of [4, 8]',
    ],
    [
      'a GRU of two layers',
      { ...gru, vectors: noise(3, 4), weight_ih_l1: noise(24, 8) },
      'expected a GRU of one layer',
    ],
    [
      'a GRU of both directions',
      { ...gru, vectors: noise(3, 4), weight_ih_l0_reverse: noise(24, 4) },
      'one direction',
    ],
    ['two GRUs', { ...gru, vectors: noise(3, 4), 'x.weight_ih_l0': noise(24, 4) }, 'are both a weight_ih_l0'],
    [
      'a GRU and an attention for vectors of another size',
      { ...gru, vectors: noise(3, 4), attention: noise(5, 5) },
      'tensor "attention" has the shape [5, 5], expected [4, 4]',
    ],
    [
      'numbers that are too large',
      { ...gru, vectors: noise(3, 4), 'output.weight': floats([4, 8], new Float32Array(32).fill(1e30)) },
      "the encoder's output holds",
    ],
    [
      'a state that is too large for a pack',
      { vectors: noise(3, 4), weight_ih_l0: floats([1800, 4], new Float32Array(7200)) },
      'a state of 600 values',
    ],
  ])('is refused with %s', async (_, tensors, message) => {
    await expect(readTrained(files(tensors, IDS))).rejects.toThrow(message)
  })

  it.each([
    ['"a"\n\n"b"\n', 'ids.jsonl:2: the line is empty'],
    ['"a"\n"b"\n"a"\n', 'ids.jsonl:3: the id "a" is already on line 1'],
    [
      '"a"\n{"sku":"b"}\n',
      'ids.jsonl:2: {"sku":"b"} names no item, expected a JSON string or an object with an "id"',
    ],
    ['a\n', 'ids.jsonl:1: a names no item'],
    ['""\n', 'an id of 0 bytes'],
    ['"\\ud800"\n', 'not valid Unicode'],
    ['', 'holds no id'],
    ['"a"\n"b"\n', 'has 3 rows, expected 2'],
  ])('is refused with the ids %j', async (ids, message) => {
    await expect(readTrained(files({ vectors: noise(3, 4) }, ids))).rejects.toThrow(message)
  })
})
