import { describe, expect, it } from 'vitest'
import { type AttentionTensors, attend, encode, type Step } from './encoder.js'
import { quantise } from './query.js'

const dim = 8
let seed = 7
const random = () => {
  seed = (seed * 1664525 + 1013904223) >>> 0
  return seed / 2 ** 32 - 0.5
}
const vectors = Array.from({ length: 20 }, () => Float32Array.from({ length: dim }, random))
const vectorOf = (row: number, out: Float32Array) => out.set(vectors[row]!)
const tensors: AttentionTensors = {
  kind: 'attention',
  dim,
  window: 4,
  attention: Float32Array.from({ length: dim * dim }, random),
  position: Float32Array.from([0.5, 0.2, -0.1]),
  scale: 12,
}
const steps = (...rows: number[]): Step[] => rows.map((row) => ({ row, weight: 1 }))

/** The formula, term by term. */
function slow(rows: Step[]): number[] {
  const read = rows.slice(-tensors.window)
  const last = vectors[read.at(-1)!.row]!
  const a = read.map(({ row, weight }, j) => {
    let sum = tensors.position[Math.min(read.length - 1 - j, 2)]! + Math.log(weight)
    for (let r = 0; r < dim; r++) {
      for (let c = 0; c < dim; c++) sum += last[r]! * tensors.attention[r * dim + c]! * vectors[row]![c]!
    }
    return Math.exp(sum)
  })
  const total = a.reduce((x, y) => x + y)
  const s = Array.from({ length: dim }, (_, d) =>
    read.reduce((sum, { row }, j) => sum + (a[j]! / total) * vectors[row]![d]!, 0),
  )
  const length = Math.hypot(...s)
  return s.map((x) => x / length)
}

describe('the session encoder', () => {
  it('follows its formula', () => {
    for (const session of [steps(3), steps(3, 5), steps(1, 2, 3), steps(9, 8, 7, 6, 5, 4)]) {
      const got = encode(tensors, session, vectorOf)!
      slow(session).forEach((x, d) => {
        expect(got[d]).toBeCloseTo(x, 6)
      })
    }
  })

  it('lets a stronger signal count for more', () => {
    const even = attend(tensors, steps(1, 2, 3), vectorOf).weights[0]!
    const strong = attend(tensors, [{ row: 1, weight: 5 }, ...steps(2, 3)], vectorOf).weights[0]!
    expect(strong / (1 - strong)).toBeCloseTo((5 * even) / (1 - even), 10)
  })

  it('reads only the window', () => {
    expect(encode(tensors, steps(9, 8, 1, 2, 3, 4), vectorOf)).toEqual(
      encode(tensors, steps(5, 5, 5, 1, 2, 3, 4), vectorOf),
    )
  })

  it('has no direction for an empty session or vectors of zeros', () => {
    expect(encode(tensors, [], vectorOf)).toBeUndefined()
    expect(encode(tensors, steps(1), (_, out) => void out.fill(0))).toBeUndefined()
  })
})

describe('the integer query', () => {
  it('scores as the real numbers do', () => {
    const vector = encode(tensors, steps(1, 2), vectorOf)!
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
