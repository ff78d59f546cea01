import { describe, expect, it } from 'vitest'
import { instantiate, OWN } from '../../../kernels/kernels.js'
import { Memory } from '../../../kernels/memory.js'
import { normal, random } from '../../maths/random.js'
import { type Predictions, SampledSoftmax } from './loss.js'

const DIM = 8
const SHARED = 72
const LOCALS = 80
const COUNT = 37

function setUp() {
  const memory = new Memory()
  const uniform = random(5)
  const noise = (length: number) => {
    const floats = memory.floats(length)
    for (let i = 0; i < length; i++) floats.data[i] = normal(uniform)
    return floats
  }
  const p: Predictions = {
    count: COUNT,
    shared: SHARED,
    s: noise(COUNT * DIM),
    ds: memory.floats(COUNT * DIM),
    table: noise(LOCALS * DIM),
    dTable: memory.floats(LOCALS * DIM),
    bias: noise(LOCALS),
    dBias: memory.floats(LOCALS),
    offset: noise(SHARED),
    own: memory.ints(COUNT * OWN),
    target: memory.ints(COUNT),
    weight: memory.floats(COUNT),
    extra: noise(OWN),
    dExtra: memory.floats(OWN),
  }
  p.own.data.fill(-1)
  for (let i = 0; i < COUNT; i++) {
    // Some of a prediction's own candidates are also shared columns.
    const chosen = new Set<number>()
    while (chosen.size < 4) chosen.add(Math.floor(uniform() * LOCALS))
    ;[...chosen].forEach((local, e) => {
      p.own.data[i * OWN + e] = local
    })
    p.target.data[i] = SHARED + (i % 4)
    p.weight.data[i] = i % 5 === 0 ? 0 : uniform()
  }
  return { p, loss: new SampledSoftmax(instantiate(memory), memory, DIM, SHARED) }
}

/** The same loss in double precision, one candidate at a time. */
function slow(p: Predictions): number {
  let total = 0
  for (let i = 0; i < p.count; i++) {
    const own = Array.from(p.own.data.subarray(i * OWN, i * OWN + OWN))
    const product = (local: number) => {
      let sum = 0
      for (let d = 0; d < DIM; d++) sum += p.s.data[i * DIM + d]! * p.table.data[local * DIM + d]!
      return sum
    }
    const logits = own.map((local, e) =>
      local < 0 ? -Infinity : product(local) + p.bias.data[local]! + p.extra.data[e]!,
    )
    let sum = logits.reduce((all, l) => all + Math.exp(l), 0)
    for (let c = 0; c < p.shared; c++) if (!own.includes(c)) sum += Math.exp(product(c) + p.offset.data[c]!)
    total += p.weight.data[i]! * (Math.log(sum) - logits[p.target.data[i]! - p.shared]!)
  }
  return total
}

describe('the sampled softmax', () => {
  it('is the cross-entropy over shared and own candidates, none counted twice', () => {
    const { p, loss } = setUp()
    const expected = slow(p)
    expect(loss.run(p) / expected).toBeCloseTo(1, 5)
  })

  it('has gradients that agree with finite differences', () => {
    const { p, loss } = setUp()
    loss.run(p)
    const check = (at: Float32Array, gradient: Float32Array, name: string) => {
      for (let i = 0; i < gradient.length; i++) {
        const before = at[i]!
        const h = 1e-2
        at[i] = before + h
        const up = slow(p)
        at[i] = before - h
        const down = slow(p)
        at[i] = before
        expect(Math.abs((up - down) / (2 * h) - gradient[i]!), `${name}[${i}]`).toBeLessThan(2e-3)
      }
    }
    check(p.s.data, p.ds.data, 's')
    check(p.table.data, p.dTable.data, 'table')
    check(p.extra.data, p.dExtra.data, 'extra')
    // The bias of an item counts in its shared column (as `offset`) or as a prediction's own candidate (as `bias`).
    const dBias = Float32Array.from(p.dBias.data)
    for (let local = 0; local < LOCALS; local++) {
      const before = [p.bias.data[local]!, p.offset.data[local]!] as const
      const moved = (h: number) => {
        p.bias.data[local] = before[0] + h
        if (local < SHARED) p.offset.data[local] = before[1] + h
        return slow(p)
      }
      const difference = (moved(1e-2) - moved(-1e-2)) / 2e-2
      moved(0)
      expect(Math.abs(difference - dBias[local]!), `bias[${local}]`).toBeLessThan(2e-3)
    }
  })
})
