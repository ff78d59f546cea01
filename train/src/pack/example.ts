/** A small made-up shop, for the tests of what reads and writes packs. The same for the same arguments. */

import { EXCLUDED } from '../../../worker/compute/scorer.js'
import { HABITS } from '../../../worker/rank/repeats.js'
import type { GruTensors } from '../../../worker/session/gru.js'
import { random } from '../model/random.js'
import { compareIds, type FactColumns, type PackContent } from './content.js'

export function example(n = 100, dim = 16, seed = 1): PackContent {
  const uniform = random(seed, n, dim)
  const upTo = (most: number) => Math.floor(uniform() * most)
  const pick = <T>(list: readonly T[]) => list[upTo(list.length)]!
  const ids = Array.from(
    { length: n },
    (_, i) => `${pick(['sku', 'äöü', '商品', '🛒', 'a-rather-long-prefix'])}-${i}`,
  )
  ids.sort(compareIds)
  const rare = Array.from({ length: n }, (_, row) => row % 10 === 9)
  const table = (name: string, most: number) => {
    const lists = rare.map((isRare) => {
      const rows = new Set(Array.from({ length: isRare ? 0 : upTo(most) }, () => upTo(n)))
      return [...rows].sort((a, b) => a - b)
    })
    const offsets = new Uint32Array(n + 1)
    for (const [row, list] of lists.entries()) offsets[row + 1] = offsets[row]! + list.length
    const rows = Uint32Array.from(lists.flat())
    return { name, offsets, rows, weights: Uint8Array.from(rows, () => 1 + upTo(255)) }
  }
  const facts: FactColumns = {
    title: ids.map((_, row) =>
      rare[row] ? undefined : `${pick(['Red', 'Blue', 'Grün'])} ${pick(['mug', 'lamp'])} ${row}`,
    ),
    category: ids.map(() => pick(['Kitchen > Mugs', 'Living > Lamps', undefined])),
    brand: ids.map(() => pick(['Acme', 'Björk & Søn'])),
    price: Float64Array.from(ids, (_, row) => (rare[row] ? Number.NaN : upTo(10_000) / 100)),
    image: ids.map((_, row) => (row === 3 ? 'java\nscript:alert(1)' : `/img/${row}.webp`)),
    url: ids.map((_, row) => (row === 4 ? 'data:text/html,hello' : `https://shop.example/p/${row}`)),
    available: ids.map(() => pick([true, true, false, undefined])),
  }
  return {
    dim,
    ids,
    // As after a rotation to principal axes: the first dimensions hold most.
    codes: Int8Array.from({ length: n * dim }, (_, i) =>
      Math.round((uniform() + uniform() + uniform() - 1.5) * (80 / (1 + (i % dim) / 2))),
    ),
    step: 0.01,
    bias: Int8Array.from({ length: n }, (_, row) => (rare[row] ? EXCLUDED : upTo(100) - 50)),
    biasStep: 0.05,
    popularity: Uint32Array.from({ length: n }, (_, row) =>
      rare[row] ? 0 : 3 + Math.floor(1000 / (1 + upTo(100))),
    ),
    tables: [table('symmetric', 8), table('forward', 4)],
    encoder: {
      kind: 'attention',
      dim,
      window: 20,
      attention: Float32Array.from({ length: dim * dim }, () => uniform() - 0.5),
      position: Float32Array.from({ length: 12 }, (_, distance) => -0.25 * distance),
      scale: 12.5,
    },
    blend: {
      buckets: Array.from({ length: 4 }, (_, b) => ({
        dense: 1,
        denseExponent: 0.75,
        table: [0.5 + 0.125 * b, 0.25],
        tableExponent: [0.5, 1],
        profile: 0.25,
        again: 0,
        server: 0.125,
      })),
      repeat: Float32Array.of(-1, 0.5, 0.25),
      habit: new Float32Array(HABITS),
      rareBias: -2,
      tableDecay: 0.75,
      tableWindow: 20,
    },
    minSessions: 3,
    facts,
    lineage: {
      events: 12_345,
      sessions: 2_345,
      items: n,
      from: '2026-01-01',
      to: '2026-01-31',
      time: 'real',
      seed,
      parent: null,
      validation: { recall20: 0.5 },
    },
  }
}

/** An encoder of another kind for it, with a state of `size` values. */
export function exampleGru(dim: number, size: number): GruTensors {
  const uniform = random(dim, size)
  const noise = (length: number) => Float32Array.from({ length }, () => 2 * uniform() - 1)
  return {
    kind: 'gru',
    dim,
    window: 20,
    inputWeights: noise(3 * size * dim),
    inputBias: noise(3 * size),
    recurrentWeights: noise(3 * size * size),
    recurrentBias: noise(3 * size),
    output: noise(dim * size),
    scale: 12.5,
  }
}
