import { describe, expect, it } from 'vitest'
import { normal, random } from '../src/maths/random.js'
import { instantiate } from './kernels.js'
import { type Floats, Memory } from './memory.js'

const memory = new Memory()
const kernels = instantiate(memory)
const uniform = random(7)

function noise(length: number): Floats {
  const floats = memory.floats(length)
  for (let i = 0; i < length; i++) floats.data[i] = normal(uniform)
  return floats
}

function expectClose(got: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-5) {
  expect(got.length).toBe(expected.length)
  for (let i = 0; i < got.length; i++) {
    const wrong = Math.abs(got[i]! - expected[i]!) / (1 + Math.abs(expected[i]!))
    expect(wrong, `value ${i}: ${got[i]} for ${expected[i]}`).toBeLessThan(tolerance)
  }
}

describe('gemm', () => {
  it.each([
    [1, 8, 1],
    [4, 16, 8],
    [7, 24, 5],
    [33, 64, 64],
  ])('adds A B for %i * %i with %i in common', (m, n, k) => {
    const a = noise(m * k)
    const b = noise(k * n)
    const c = noise(m * n)
    const expected = Array.from(c.data, (start, at) => {
      let sum = start
      for (let l = 0; l < k; l++) sum += a.data[Math.floor(at / n) * k + l]! * b.data[l * n + (at % n)]!
      return sum
    })
    kernels.gemm(m, n, k, a.at, k * 4, 4, b.at, n * 4, 32, c.at, n * 4)
    expectClose(c.data, expected)
  })

  it('reads a transposed A, and a transposed B that is packed in panels', () => {
    const [m, n, k] = [5, 16, 8]
    const a = noise(k * m)
    const b = noise(n * k)
    const panels = memory.floats(n * k)
    const c = memory.floats(m * n)
    kernels.packPanels(n, k, b.at, panels.at)
    kernels.gemm(m, n, k, a.at, 4, m * 4, panels.at, 32, k * 32, c.at, n * 4)
    const expected = Array.from(c.data, (_, at) => {
      let sum = 0
      for (let l = 0; l < k; l++) sum += a.data[l * m + Math.floor(at / n)]! * b.data[(at % n) * k + l]!
      return sum
    })
    expectClose(c.data, expected)
  })
})

describe('exp', () => {
  it('follows Math.exp, and is exactly 0 where gradients would become subnormal', () => {
    const x = memory.floats(1024)
    for (let i = 0; i < 1024; i++) x.data[i] = -49.9 + (i * 130) / 1024
    const expected = Array.from(x.data, Math.exp)
    kernels.expInPlace(1024, x.at)
    for (let i = 0; i < 1024; i++) expect(x.data[i]! / expected[i]!).toBeCloseTo(1, 6)
    x.data.set([0, -50.1, -1e30, -Infinity])
    kernels.expInPlace(4, x.at)
    expect(Array.from(x.data.subarray(0, 4))).toEqual([1, 0, 0, 0])
  })
})

describe('sparseTimesDense', () => {
  it('multiplies row by row', () => {
    const offsets = memory.ints(4)
    offsets.data.set([0, 2, 2, 3])
    const cols = memory.ints(3)
    cols.data.set([1, 2, 0])
    const values = memory.floats(3)
    values.data.set([0.5, -1, 2])
    const x = noise(3 * 8)
    const y = noise(3 * 8)
    kernels.sparseTimesDense(3, 8, offsets.at, cols.at, values.at, x.at, y.at)
    const row = (r: number) => Array.from(x.data.subarray(r * 8, r * 8 + 8))
    expectClose(
      y.data.subarray(0, 8),
      row(1).map((v, i) => 0.5 * v - row(2)[i]!),
    )
    expectClose(y.data.subarray(8, 16), new Array(8).fill(0))
    expectClose(
      y.data.subarray(16, 24),
      row(0).map((v) => 2 * v),
    )
  })
})

describe('gathering and scattering', () => {
  it('gathers masked rows, and adds their gradients back even if a row comes twice', () => {
    const table = noise(4 * 8)
    const index = memory.ints(3)
    index.data.set([2, 0, 2])
    const mask = noise(3 * 8)
    const out = memory.floats(3 * 8)
    kernels.gatherMasked(3, 8, index.at, table.at, mask.at, out.at)
    const expected = Array.from(out.data, (_, at) => {
      return table.data[index.data[at >> 3]! * 8 + (at & 7)]! * mask.data[at]!
    })
    expectClose(out.data, expected)
    const before = Array.from(table.data)
    kernels.scatterMasked(3, 8, index.at, out.at, mask.at, table.at)
    expected.forEach((v, at) => {
      before[index.data[at >> 3]! * 8 + (at & 7)]! += v * mask.data[at]!
    })
    expectClose(table.data, before)
  })
})

describe('dropoutMask', () => {
  it('drops the given share, keeps the mean, and depends only on the seed', () => {
    const [a, b, c] = [memory.floats(40_000), memory.floats(40_000), memory.floats(40_000)]
    kernels.dropoutMask(40_000, 0.4, 1, a.at)
    kernels.dropoutMask(40_000, 0.4, 1, b.at)
    kernels.dropoutMask(40_000, 0.4, 2, c.at)
    expect(a.data).toEqual(b.data)
    expect(a.data).not.toEqual(c.data)
    for (const { data } of [a, c]) {
      expect(new Set(data)).toEqual(new Set([0, Math.fround(1 / 0.6)]))
      expect(data.filter((v) => v === 0).length / 40_000).toBeCloseTo(0.4, 1)
    }
  })
})

describe('Adam', () => {
  const [rate, root, beta1, beta2, floor] = [0.01, 3, 0.9, 0.99, 1e-12] as const

  function slow(w: number[], m: number[], v: number[], g: number[]) {
    g.forEach((x, i) => {
      m[i] = beta1 * m[i]! + (1 - beta1) * x
      v[i] = beta2 * v[i]! + (1 - beta2) * (x * x + floor)
      w[i]! -= (rate * m[i]!) / Math.sqrt(v[i]! * root)
    })
  }

  it('moves dense values', () => {
    const [w, m, g] = [noise(8), noise(8), noise(8)]
    const v = memory.floats(8)
    v.data.set(m.data.map((x) => x * x))
    const expected = [Array.from(w.data), Array.from(m.data), Array.from(v.data)] as const
    slow(expected[0], expected[1], expected[2], Array.from(g.data))
    kernels.adam(8, w.at, m.at, v.at, g.at, rate, root, beta1, beta2, floor)
    expectClose(w.data, expected[0])
    expectClose(m.data, expected[1])
    expectClose(v.data, expected[2])
  })

  it('moves only the rows in the index, and keeps them at length 1', () => {
    const [w, m, v, g] = [noise(3 * 8), memory.floats(24), memory.floats(24), noise(16)]
    const index = memory.ints(2)
    index.data.set([2, 0])
    for (let r = 0; r < 3; r++) {
      const row = w.data.subarray(r * 8, r * 8 + 8)
      row.set(row.map((x) => x / Math.hypot(...row)))
    }
    const before = Float32Array.from(w.data)
    kernels.adamUnitRows(2, 8, index.at, w.at, m.at, v.at, g.at, rate, root, beta1, beta2, floor)
    expect(w.data.subarray(8, 16)).toEqual(before.subarray(8, 16))
    ;[2, 0].forEach((r, i) => {
      const row = Array.from(before.subarray(r * 8, r * 8 + 8))
      const gradient = Array.from(g.data.subarray(i * 8, i * 8 + 8))
      const along = row.reduce((sum, x, d) => sum + x * gradient[d]!, 0)
      const tangent = gradient.map((x, d) => x - along * row[d]!)
      slow(row, new Array(8).fill(0), new Array(8).fill(0), tangent)
      const length = Math.hypot(...row)
      expectClose(
        w.data.subarray(r * 8, r * 8 + 8),
        row.map((x) => x / length),
      )
    })
  })

  it('moves only the values in the index', () => {
    const [w, m, v, g] = [noise(8), noise(8), memory.floats(8), noise(2)]
    v.data.fill(1)
    const index = memory.ints(2)
    index.data.set([5, 1])
    const expected = [Array.from(w.data), Array.from(m.data), Array.from(v.data)] as const
    ;[5, 1].forEach((at, i) => {
      const one = expected.map((array) => [array[at]!]) as [number[], number[], number[]]
      slow(...one, [g.data[i]!])
      expected.forEach((array, a) => {
        array[at] = one[a]![0]!
      })
    })
    kernels.adamValues(2, index.at, w.at, m.at, v.at, g.at, rate, root, beta1, beta2, floor)
    expectClose(w.data, expected[0])
    expectClose(v.data, expected[2])
  })
})
