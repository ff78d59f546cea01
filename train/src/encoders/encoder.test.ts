import { describe, expect, it } from 'vitest'
import { encode } from '../../../worker/session/encoder.js'
import { instantiate } from '../../kernels/kernels.js'
import { Memory } from '../../kernels/memory.js'
import { normal, random } from '../maths/random.js'
import { hyperFor } from '../model/optimise/settings.js'
import type { SessionBatch } from './encoder.js'
import type { Kind } from './kind.js'
import { KINDS } from './kinds.js'

const DIM = 8
const WINDOW = 5
const LENGTHS = [4, 1, 5, 5]

function setUp(kind: Kind) {
  const memory = new Memory()
  const uniform = random(3)
  const noise = (length: number, size = 1) => {
    const floats = memory.floats(length)
    for (let i = 0; i < length; i++) floats.data[i] = size * normal(uniform)
    return floats
  }
  const positions = LENGTHS.reduce((sum, n) => sum + n, 0)
  const hyper = { ...hyperFor(kind, 1000, 100, DIM, 1), window: WINDOW }
  const tensors = KINDS[kind].start(memory, hyper)
  for (const { w } of Object.values(tensors)) w.data.set(noise(w.data.length, 0.3).data)
  const starts = memory.ints(LENGTHS.length + 1)
  for (let i = 0; i < LENGTHS.length; i++) starts.data[i + 1] = starts.data[i]! + LENGTHS[i]!
  const batch: SessionBatch = {
    sessions: LENGTHS.length,
    positions,
    starts,
    x: noise(positions * DIM),
    dx: memory.floats(positions * DIM),
    s: memory.floats(positions * DIM),
    ds: memory.floats(positions * DIM),
    gain: noise(positions, 0.5),
  }
  const encoder = KINDS[kind].trainable(instantiate(memory), memory, tensors, hyper, positions)
  const direction = noise(positions * DIM).data
  return { batch, encoder, tensors, hyper, direction }
}

describe.each(Object.keys(KINDS) as Kind[])('the encoder %s in training', (kind) => {
  it('gives every prefix of a session the same vector as the engine', () => {
    const { batch, encoder, tensors, hyper } = setUp(kind)
    // Run once before, so that the arrays hold values of an earlier batch.
    encoder.forward(batch)
    batch.ds.data.fill(1)
    encoder.backward(batch)
    encoder.forward(batch)
    const served = KINDS[kind].served(tensors, hyper, 10)
    for (let i = 0; i < LENGTHS.length; i++) {
      const start = batch.starts.data[i]!
      for (let t = 0; t < LENGTHS[i]!; t++) {
        const steps = Array.from({ length: t + 1 }, (_, j) => ({
          row: start + j,
          weight: Math.exp(batch.gain.data[start + j]!),
        }))
        const { vector } = encode(served, steps, (row) => batch.x.data.subarray(row * DIM, row * DIM + DIM))
        const at = (start + t) * DIM
        for (let d = 0; d < DIM; d++) expect(batch.s.data[at + d]).toBeCloseTo(vector![d]!, 5)
      }
    }
  })

  it('has gradients that agree with finite differences', () => {
    const { batch, encoder, tensors, direction } = setUp(kind)
    const value = () => {
      encoder.forward(batch)
      let sum = 0
      for (let i = 0; i < direction.length; i++) sum += direction[i]! * batch.s.data[i]!
      return sum
    }
    value()
    batch.ds.data.set(direction)
    encoder.backward(batch)
    const check = (at: Float32Array, gradient: Float32Array, name: string) => {
      for (let i = 0; i < gradient.length; i++) {
        const before = at[i]!
        const h = 4e-3
        at[i] = before + h
        const up = value()
        at[i] = before - h
        const down = value()
        at[i] = before
        const wrong = Math.abs((up - down) / (2 * h) - gradient[i]!) / (1 + Math.abs(gradient[i]!))
        expect(wrong, `${name}[${i}]`).toBeLessThan(5e-3)
      }
    }
    check(batch.x.data, batch.dx.data.slice(), 'x')
    for (const [name, { w }] of Object.entries(tensors))
      check(w.data, encoder.gradients[name]!.data.slice(), name)
  })

  it('gives the rotated vector when the encoder and the items are rotated', () => {
    const { tensors, hyper, direction } = setUp(kind)
    // A different rotation in each of four planes.
    const axes = new Float64Array(DIM * DIM)
    for (let d = 0; d < DIM; d += 2) {
      const [cos, sin] = [Math.cos(d + 1), Math.sin(d + 1)]
      axes.set([cos, -sin], d * DIM + d)
      axes.set([sin, cos], (d + 1) * DIM + d)
    }
    const turned = (x: ArrayLike<number>) =>
      Float32Array.from({ length: DIM }, (_, c) =>
        Array.from(x).reduce((sum, value, r) => sum + value * axes[r * DIM + c]!, 0),
      )
    const vectorOf = (row: number) => direction.subarray(row * DIM, row * DIM + DIM)
    const steps = [0, 1, 2].map((row) => ({ row, weight: 1 + row }))
    const served = KINDS[kind].served(tensors, hyper, 10)
    const expected = turned(encode(served, steps, vectorOf).vector!)
    const got = encode(KINDS[kind].rotated(served, axes), steps, (row) => turned(vectorOf(row))).vector!
    for (let d = 0; d < DIM; d++) expect(got[d]).toBeCloseTo(expected[d]!, 5)
  })
})
