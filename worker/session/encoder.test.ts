import { describe, expect, it } from 'vitest'
import type { AttentionTensors } from './attention.js'
import { type EncoderTensors, encode, type Step } from './encoder.js'
import type { GruTensors } from './gru.js'
import { quantise } from './query.js'

const dim = 8
let seed = 7
const random = () => {
  seed = (seed * 1664525 + 1013904223) >>> 0
  return seed / 2 ** 32 - 0.5
}
const noise = (length: number) => Float32Array.from({ length }, random)
const vectors = Array.from({ length: 20 }, () => noise(dim))
const vectorOf = (row: number) => vectors[row]!
const attention: AttentionTensors = {
  kind: 'attention',
  dim,
  window: 4,
  attention: noise(dim * dim),
  position: Float32Array.from([0.5, 0.2, -0.1]),
  scale: 12,
}
const size = 5
const gru: GruTensors = {
  kind: 'gru',
  dim,
  window: 4,
  inputWeights: noise(3 * size * dim),
  inputBias: noise(3 * size),
  recurrentWeights: noise(3 * size * size),
  recurrentBias: noise(3 * size),
  output: noise(dim * size),
  scale: 12,
}
const steps = (...rows: number[]): Step[] => rows.map((row) => ({ row, weight: 1 }))

/** A row of a matrix times a vector. */
const times = (matrix: Float32Array, row: number, v: ArrayLike<number>) =>
  Array.from(v).reduce((sum, value, c) => sum + matrix[row * v.length + c]! * value, 0)

/** The formulas, term by term; before normalisation. */
const slow = {
  attention(read: Step[]): number[] {
    const last = vectors[read.at(-1)!.row]!
    const a = read.map(({ row, weight }, j) => {
      let sum = attention.position[Math.min(read.length - 1 - j, 2)]! + Math.log(weight)
      for (let r = 0; r < dim; r++) sum += last[r]! * times(attention.attention, r, vectors[row]!)
      return Math.exp(sum)
    })
    const total = a.reduce((x, y) => x + y)
    return Array.from({ length: dim }, (_, d) =>
      read.reduce((sum, { row }, j) => sum + (a[j]! / total) * vectors[row]![d]!, 0),
    )
  },
  gru(read: Step[]): number[] {
    let h: number[] = new Array(size).fill(0)
    const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))
    for (const { row, weight } of read) {
      const input = (gate: number) => times(gru.inputWeights, gate, vectors[row]!) + gru.inputBias[gate]!
      const recurrent = (gate: number) => times(gru.recurrentWeights, gate, h) + gru.recurrentBias[gate]!
      h = h.map((before, i) => {
        const r = sigmoid(input(i) + recurrent(i))
        const z = sigmoid(input(size + i) + recurrent(size + i) - Math.log(weight))
        const n = Math.tanh(input(2 * size + i) + r * recurrent(2 * size + i))
        return (1 - z) * n + z * before
      })
    }
    return Array.from({ length: dim }, (_, d) => times(gru.output, d, h))
  },
  mixed(read: Step[]): number[] {
    const a = slow.attention(read)
    const b = slow.gru(read)
    return a.map((x, d) => x / Math.hypot(...a) + b[d]! / Math.hypot(...b))
  },
}

describe.each<[string, EncoderTensors]>([
  ['attention', attention],
  ['gru', gru],
  ['mixed', { ...attention, ...gru, kind: 'mixed' }],
])('the session encoder %s', (_, tensors) => {
  it('follows its formula', () => {
    const strong = { row: 11, weight: 5 }
    for (const session of [steps(3), steps(3, 5), [...steps(1, 2), strong], steps(9, 8, 7, 6, 5, 4)]) {
      const got = encode(tensors, session, vectorOf).vector!
      const expected = slow[tensors.kind](session.slice(-4))
      const length = Math.hypot(...expected)
      expected.forEach((x, d) => {
        expect(got[d]).toBeCloseTo(x / length, 6)
      })
    }
  })

  it('lets a stronger signal count for more, and one of no strength for nothing', () => {
    const share = (weight: number) => {
      const { weights } = encode(tensors, [...steps(2), { row: 1, weight }, ...steps(3)], vectorOf)
      return weights[1]! / weights.reduce((a, b) => a + b)
    }
    expect(share(5)).toBeGreaterThan(share(1))
    expect(share(1)).toBeGreaterThan(share(0.2))
    expect(share(1e-9)).toBeCloseTo(0, 8)
  })

  it('reads only the window', () => {
    expect(encode(tensors, steps(9, 8, 1, 2, 3, 4), vectorOf)).toEqual(
      encode(tensors, steps(5, 5, 5, 1, 2, 3, 4), vectorOf),
    )
  })

  it('has no direction for an empty session', () => {
    expect(encode(tensors, [], vectorOf).vector).toBeUndefined()
  })
})

it('the attention has no direction for vectors of zeros', () => {
  expect(encode(attention, steps(1), () => new Float32Array(dim)).vector).toBeUndefined()
})

it('a gru forgets what later steps wrote over', () => {
  // z is 1/4 whatever comes in.
  const quarter = { ...gru, inputWeights: new Float32Array(3 * size * dim) }
  quarter.recurrentWeights = new Float32Array(3 * size * size)
  quarter.recurrentBias = new Float32Array(3 * size)
  quarter.inputBias = new Float32Array(3 * size).fill(Math.log(1 / 3), size, 2 * size)
  const { weights } = encode(quarter, steps(1, 2, 3), vectorOf)
  ;[0.75 / 16, 0.75 / 4, 0.75].forEach((share, j) => {
    expect(weights[j]).toBeCloseTo(share, 6)
  })
})

describe('the integer query', () => {
  it('scores as the real numbers do', () => {
    const vector = encode(attention, steps(1, 2), vectorOf).vector!
    const { codes, biasMultiplier, perPoint } = quantise(vector, 12, 0.01, 0.05)
    const item = Int8Array.from({ length: dim }, () => Math.round(random() * 100))
    let points = 7 * biasMultiplier
    let real = 7 * 0.05
    for (let d = 0; d < dim; d++) {
      points += codes[d]! * item[d]!
      real += 12 * vector[d]! * item[d]! * 0.01
    }
    expect(points * perPoint).toBeCloseTo(real, 3)
  })

  it('never lets a large bias overflow the scan', () => {
    const { codes, biasMultiplier } = quantise(Float64Array.of(1e-6, 0), 1e-3, 1e-4, 10)
    expect(biasMultiplier).toBeLessThanOrEqual(2 ** 23)
    expect(Math.max(...codes)).toBeLessThanOrEqual(32767)
  })
})
