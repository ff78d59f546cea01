/**
 * Encoders made by PyTorch give the same results here, after a round trip through files. Skipped if `/usr/bin/python3`
 * has no PyTorch.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gather } from '../../../worker/rank/evidence.js'
import { retrieve } from '../../../worker/rank/retrieve.js'
import { encode } from '../../../worker/session/encoder.js'
import { modelOf } from '../model/result/model-of.js'
import { quantise } from '../model/result/quantise.js'
import { trainModel } from '../model/train.js'
import { compareIds } from '../pack/content.js'
import { withoutLog } from './items.js'
import { alignTrained, readTrained } from './trained.js'

const PYTHON = '/usr/bin/python3'
const hasTorch = spawnSync(PYTHON, ['-c', 'import torch']).status === 0
if (!hasTorch) console.warn(`skipped: ${PYTHON} has no PyTorch to compare with (on Debian: python3-torch)`)

const CASES = [
  // Without an output: the state itself is the session vector.
  { name: 'plain', dim: 64, rank: 64, state: 64, projection: false, prefix: '', apart: false, dtype: 'F32' },
  // Sizes that are not multiples of 8, and an output with a bias.
  { name: 'odd', dim: 45, rank: 45, state: 100, projection: true, prefix: 'gru.', apart: true, dtype: 'F16' },
  // More values than a pack allows. The vectors have a low rank, so fewer values lose nothing.
  {
    name: 'long',
    dim: 200,
    rank: 50,
    state: 32,
    projection: true,
    prefix: 'rnn.',
    apart: true,
    dtype: 'F32',
  },
  { name: 'brain', dim: 24, rank: 24, state: 24, projection: true, prefix: '', apart: false, dtype: 'BF16' },
].map((one) => ({ items: 300, ...one }))

interface Expected {
  name: string
  sessions: { rows: number[]; vectors: number[][]; best: number[] }[]
}

const folder = mkdtempSync(join(tmpdir(), 'nearside-pytorch-'))
let expected: Expected[] = []

describe.skipIf(!hasTorch)('a GRU of PyTorch', () => {
  beforeAll(() => {
    const script = join(import.meta.dirname, 'pytorch.py')
    const { status, stderr } = spawnSync(PYTHON, [script, folder, JSON.stringify(CASES)], {
      encoding: 'utf8',
    })
    expect(status, stderr).toBe(0)
    expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it.each(CASES)('gives the same session vectors and ranking: $name', async ({ name, dim, apart }) => {
    const trained = await readTrained({
      vectors: join(folder, `${name}.safetensors`),
      ids: join(folder, `${name}.jsonl`),
      encoder: apart ? join(folder, `${name}-encoder.safetensors`) : undefined,
      dim: 64,
    })
    expect(trained.kept).toBeCloseTo(1, 5)
    const { vectors, encoder } = trained
    const { sessions } = expected.find((one) => one.name === name)!
    const vectorOf = (row: number) => vectors.subarray(row * trained.dim, (row + 1) * trained.dim)
    const products = (query: ArrayLike<number>) =>
      trained.ids.map((_, row) => vectorOf(row).reduce((sum, x, d) => sum + x * query[d]!, 0))
    for (const { rows, vectors: theirs, best } of sessions) {
      const steps = rows.map((row) => ({ row, weight: 1 }))
      for (const t of rows.keys()) {
        const ours = encode(encoder!, steps.slice(0, t + 1), vectorOf).vector!
        // If axes were left out, the vectors differ, and only the scores of the items below can be compared.
        if (dim <= 64) for (let d = 0; d < dim; d++) expect(ours[d]).toBeCloseTo(theirs[t]![d]!, 4)
      }
      const scores = products(encode(encoder!, steps, vectorOf).vector!)
      const order = scores.map((_, row) => row).sort((a, b) => scores[b]! - scores[a]!)
      expect(order.slice(0, 10)).toEqual(best)
    }

    // The same again through a pack, with codes of 8 bits.
    const ids = [...trained.ids].sort(compareIds)
    const imported = alignTrained(trained, ids, true)
    const options = {
      dim: trained.dim,
      seed: 1,
      workers: 1,
      minSessions: 1,
      imported,
      encoder: 'gru' as const,
    }
    const served = await modelOf(quantise(await trainModel(withoutLog(ids), null, options), null))
    const rowOf = new Map(ids.map((id, row) => [id, row]))
    let agreed = 0
    for (const { rows, best } of sessions) {
      const steps = rows.map((row) => ({ row: rowOf.get(trained.ids[row]!)!, weight: 1 }))
      const found = retrieve(served, gather(served, steps), 10).rows
      agreed += best.filter((row) => found.includes(rowOf.get(trained.ids[row]!)!)).length
    }
    // Random vectors are the hardest to round, and without a log nothing could choose a finer step.
    expect(agreed / (10 * sessions.length)).toBeGreaterThan(0.8)
  })
})
