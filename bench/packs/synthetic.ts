/**
 * A pack of any size without training: vectors in clusters, random neighbours, popularity by Zipf. Its answers mean
 * nothing, but its sizes, and the work that they cause, are those of a shop.
 */

import type { NeighbourTable, PackContent } from '../../train/src/pack/content.js'
import { writePack } from '../../train/src/pack/write.js'
import { BUCKETS } from '../../worker/rank/blend.js'
import { HABITS } from '../../worker/rank/repeats.js'
import { mixture, quantiseAll, seeded } from '../scan/vectors.js'

const DIM = 64
const NEIGHBOURS = 20

/** Id of a row. All have the same width, so that ids sort as the rows do. */
const id = (row: number) => `sku${String(row).padStart(7, '0')}`

export const syntheticIds = (n: number) => Array.from({ length: n }, (_, row) => id(row))

function neighbours(n: number): NeighbourTable {
  const random = seeded(3)
  const offsets = Uint32Array.from({ length: n + 1 }, (_, row) => row * NEIGHBOURS)
  const rows = new Uint32Array(n * NEIGHBOURS)
  for (let row = 0; row < n; row++) {
    const list = new Set<number>()
    while (list.size < NEIGHBOURS) list.add(Math.floor(random() * n))
    rows.set(
      [...list].sort((a, b) => a - b),
      row * NEIGHBOURS,
    )
  }
  const weights = Uint8Array.from(rows, () => 1 + Math.floor(255 * random() ** 3))
  return { name: 'symmetric', offsets, rows, weights }
}

/** Writes a pack of n items into `folder`. */
export function writeSynthetic(n: number, folder: string): void {
  const { codes, step } = quantiseAll(mixture(n, DIM, 1))
  const random = seeded(4)
  const popularity = Uint32Array.from({ length: n }, () => Math.round(3 / (random() + 1e-4)))
  const attention = new Float32Array(DIM * DIM)
  for (let d = 0; d < DIM; d++) attention[d * DIM + d] = 1
  const content: PackContent = {
    dim: DIM,
    ids: syntheticIds(n),
    codes,
    step,
    bias: Int8Array.from(popularity, (sessions) => Math.round(8 * Math.log(sessions))),
    biasStep: 0.02,
    popularity,
    tables: [neighbours(n)],
    encoder: {
      kind: 'attention',
      dim: DIM,
      window: 20,
      attention,
      position: Float32Array.of(1, 0.5, 0),
      scale: 16,
    },
    blend: {
      buckets: Array.from({ length: BUCKETS }, () => ({
        dense: 1,
        denseExponent: 1,
        table: [1],
        tableExponent: [1],
        profile: 0.2,
        again: 0,
        server: 0.5,
      })),
      repeat: Float32Array.of(0.5, 0.2),
      habit: new Float32Array(HABITS),
      rareBias: 0,
      tableDecay: 0.7,
      tableWindow: 10,
    },
    minSessions: 3,
    facts: {
      title: Array.from({ length: n }, (_, row) => `Product number ${row} of the catalogue`),
      category: Array.from({ length: n }, (_, row) => `Aisle ${row % 40} > Shelf ${row % 997}`),
      price: Float32Array.from({ length: n }, () => Math.round(100 + 9900 * random()) / 100),
    },
    lineage: {
      events: 0,
      sessions: 0,
      items: n,
      from: null,
      to: null,
      time: 'order',
      seed: 1,
      parent: null,
      validation: {},
    },
  }
  writePack(content, folder)
}
