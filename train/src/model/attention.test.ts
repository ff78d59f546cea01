import { describe, expect, it } from 'vitest'
import { encode } from '../../../worker/session/encoder.js'
import { instantiate } from '../../kernels/kernels.js'
import { Memory } from '../../kernels/memory.js'
import { AttentionEncoder, attentionTensors, newAttention } from './attention.js'
import type { SessionBatch } from './encoder.js'
import { normal, random } from './random.js'

const DIM = 8
const WINDOW = 5
const LENGTHS = [1, 4, 5]

function setUp() {
  const memory = new Memory()
  const uniform = random(3)
  const noise = (length: number, size = 1) => {
    const floats = memory.floats(length)
    for (let i = 0; i < length; i++) floats.data[i] = size * normal(uniform)
    return floats
  }
  const positions = LENGTHS.reduce((sum, n) => sum + n, 0)
  const parameters = newAttention(memory, DIM, WINDOW)
  parameters.attention.w.data.set(noise(DIM * DIM, 0.3).data)
  parameters.position.w.data.set(noise(WINDOW).data)
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
  const encoder = new AttentionEncoder(instantiate(memory), memory, parameters, DIM, WINDOW, positions)
  return { batch, encoder, parameters, direction: noise(positions * DIM).data }
}

describe('the attention encoder in training', () => {
  it('gives every prefix the vector that the engine will give it', () => {
    const { batch, encoder, parameters } = setUp()
    encoder.forward(batch)
    const tensors = attentionTensors(parameters, DIM, WINDOW, 10)
    for (let i = 0; i < LENGTHS.length; i++) {
      const start = batch.starts.data[i]!
      for (let t = 0; t < LENGTHS[i]!; t++) {
        const steps = Array.from({ length: t + 1 }, (_, j) => ({
          row: start + j,
          weight: Math.exp(batch.gain.data[start + j]!),
        }))
        const expected = encode(tensors, steps, (row, out) => {
          out.set(batch.x.data.subarray(row * DIM, row * DIM + DIM))
        })!
        const at = (start + t) * DIM
        for (let d = 0; d < DIM; d++) expect(batch.s.data[at + d]).toBeCloseTo(expected[d]!, 5)
      }
    }
  })

  it('has the gradients that finite differences have', () => {
    const { batch, encoder, parameters, direction } = setUp()
    const value = () => {
      encoder.forward(batch)
      let sum = 0
      for (let i = 0; i < direction.length; i++) sum += direction[i]! * batch.s.data[i]!
      return sum
    }
    value()
    batch.ds.data.set(direction)
    encoder.backward(batch)
    const check = (at: Float32Array, gradient: ArrayLike<number>, name: string) => {
      for (let i = 0; i < gradient.length; i++) {
        const before = at[i]!
        const h = 4e-3
        at[i] = before + h
        const up = value()
        at[i] = before - h
        const down = value()
        at[i] = before
        expect(Math.abs((up - down) / (2 * h) - gradient[i]!), `${name}[${i}]`).toBeLessThan(5e-3)
      }
    }
    check(batch.x.data, batch.dx.data, 'x')
    check(parameters.attention.w.data, Array.from(encoder.dAttention.data), 'attention')
    check(parameters.position.w.data, Array.from(encoder.dPosition.data), 'position')
  })
})
