import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Backend } from '../protocol.js'
import { openScorer } from './open.js'
import { EXCLUDED, MAX_BIAS_MULTIPLIER, MAX_K, NEVER } from './scorer.js'

interface Case {
  n: number
  dim: number
  k: number
  codes: Int8Array
  bias: Int8Array
  query: Int16Array
  multiplier: number
  rows: Uint32Array
}

/** The slow, obvious version of the contract: every row scored in exact arithmetic, then sorted. */
function reference({ n, dim, k, codes, bias, query, multiplier, rows }: Case) {
  const scoreOf = (row: number) => {
    if (row >= n || bias[row] === EXCLUDED) return NEVER
    let sum = 0 // Not -0, which no integer is.
    sum += bias[row]! * multiplier
    for (let d = 0; d < dim; d++) sum += codes[row * dim + d]! * query[d]!
    return sum
  }
  const all = Array.from({ length: n }, (_, row) => ({ row, score: scoreOf(row) }))
  const top = all
    .filter(({ score }) => score !== NEVER)
    .sort((a, b) => b.score - a.score || a.row - b.row)
    .slice(0, k)
  return {
    rows: top.map(({ row }) => row),
    scores: top.map(({ score }) => score),
    given: [...rows].map(scoreOf),
  }
}

async function answer(c: Case, backend: Backend) {
  const scorer = await openScorer(c.codes, c.bias, c.dim, backend)
  expect(scorer.backend).toBe(backend)
  expect([...scorer.codes]).toEqual([...c.codes])
  const { rows, scores } = scorer.topK(c.query, c.multiplier, c.k)
  const given = scorer.score(c.query, c.multiplier, c.rows)
  return { rows: [...rows], scores: [...scores], given: [...given] }
}

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Catalogues of every size, from all rows equal to all different, with values from small to the edge of 32 bits. */
function randomCase(seed: number): Case {
  const random = seeded(seed)
  const below = (n: number) => Math.floor(random() * n)
  const within = (limit: number) => below(2 * limit + 1) - limit
  const n = below(10) === 0 ? below(4) : below(60)
  const dim = [1, 2, 4, 7, 8, 12, 16, 20, 31, 32, 64, 96, 127, 128][below(14)]!
  const codeLimit = [0, 1, 3, 127][below(4)]!
  const queryLimit = [0, 1, 100, 32767][below(4)]!
  const extreme = below(4) === 0
  const value = (limit: number) => (extreme ? (below(2) === 0 ? limit : -limit) : within(limit))
  const excludedShare = [0, 0, 0.3, 0.9, 1][below(5)]!
  return {
    n,
    dim,
    k: [0, 1, 2, 5, n, n + 10][below(6)]!,
    codes: Int8Array.from({ length: n * dim }, () => value(codeLimit)),
    bias: Int8Array.from({ length: n }, () => (random() < excludedShare ? EXCLUDED : value(127))),
    query: Int16Array.from({ length: dim }, () => value(queryLimit)),
    multiplier: [0, 1, -1, within(100_000), MAX_BIAS_MULTIPLIER, -MAX_BIAS_MULTIPLIER][below(6)]!,
    rows: Uint32Array.from({ length: below(20) }, () => below(n + 5)),
  }
}

describe.each(['wasm', 'js'] as const)('%s scorer', (backend) => {
  test('agrees with the slow obvious version on 5,000 random catalogues', async () => {
    for (let seed = 1; seed <= 5000; seed++) {
      const c = randomCase(seed)
      expect(await answer(c, backend), `seed ${seed}`).toEqual(reference(c))
    }
  })

  test('agrees where every product and every bias is as large as can be', async () => {
    for (const sign of [1, -1]) {
      const c: Case = {
        n: 9,
        dim: 128,
        k: 9,
        codes: new Int8Array(9 * 128).fill(127),
        bias: new Int8Array(9).fill(sign * 127),
        query: new Int16Array(128).fill(sign * 32767),
        multiplier: MAX_BIAS_MULTIPLIER,
        rows: Uint32Array.of(8, 0),
      }
      expect(await answer(c, backend)).toEqual(reference(c))
    }
  })

  test.each([
    ['rising', (i: number) => i],
    ['falling', (i: number) => -i],
    ['all equal', () => 7],
    ['in long runs of equals', (i: number) => (i >> 6) % 3],
  ])('keeps score and row order over a large catalogue whose scores are %s', async (_, of) => {
    const n = 20_011
    const c: Case = {
      n,
      dim: 2,
      k: 300,
      codes: Int8Array.from({ length: 2 * n }, (_, i) => {
        const value = of(i >> 1)
        return i % 2 === 0 ? Math.trunc(value / 100) % 128 : value % 100
      }),
      bias: new Int8Array(n),
      query: Int16Array.of(100, 1),
      multiplier: 0,
      rows: Uint32Array.from({ length: n }, (_, i) => n - 1 - i),
    }
    expect(await answer(c, backend)).toEqual(reference(c))
  })

  test('a query does not change the answer to the next one', async () => {
    const c = randomCase(77)
    const scorer = await openScorer(c.codes, c.bias, c.dim, backend)
    const first = scorer.topK(c.query, c.multiplier, c.k)
    scorer.topK(new Int16Array(c.dim).fill(-9), 5, 3)
    scorer.score(new Int16Array(c.dim).fill(3), 0, c.rows)
    expect(scorer.topK(c.query, c.multiplier, c.k)).toEqual(first)
  })

  test('refuses to look for more rows than MAX_K', async () => {
    const n = MAX_K + 1
    const scorer = await openScorer(new Int8Array(n), new Int8Array(n), 1, backend)
    expect(() => scorer.topK(Int16Array.of(1), 0, n)).toThrow(`top ${n} asked for, at most ${MAX_K}`)
    expect(scorer.topK(Int16Array.of(1), 0, MAX_K).rows).toHaveLength(MAX_K)
  })
})

describe('choosing a backend', () => {
  const open = (backend: Backend) => openScorer(new Int8Array(8), new Int8Array(2), 4, backend)
  afterEach(() => vi.unstubAllGlobals())

  test('prefers WASM', async () => {
    expect((await open('auto')).backend).toBe('wasm')
  })

  test.each([
    ['WebAssembly is missing', undefined],
    [
      'CSP or a missing SIMD stops compilation',
      { instantiate: () => Promise.reject(new WebAssembly.CompileError('not here')) },
    ],
  ])('falls back to JavaScript when %s, unless WASM is insisted on', async (_, global) => {
    vi.stubGlobal('WebAssembly', global)
    expect((await open('auto')).backend).toBe('js')
    await expect(open('wasm')).rejects.toThrow("use backend 'auto'")
  })

  test('refuses codes that are not rows times dim', async () => {
    await expect(openScorer(new Int8Array(9), new Int8Array(2), 4, 'auto')).rejects.toThrow('got 9 codes')
  })
})
