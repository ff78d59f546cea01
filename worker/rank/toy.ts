/** A small synthetic model for tests: obvious code, no pack, no kernels. */

import type { Catalog } from '../catalog/catalog.js'
import { EXCLUDED, NEVER, type Scorer } from '../compute/scorer.js'
import type { Model } from './evidence.js'
import { HABITS } from './repeats.js'

export interface Toy extends Model {
  random(): number
}

export function toy({ size = 300, dim = 16, seed = 1 } = {}): Toy {
  let state = seed
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  const step = 0.01
  const biasStep = 0.02
  const codes = Int8Array.from({ length: size * dim }, () => Math.round((random() - 0.5) * 60))
  const bias = Int8Array.from({ length: size }, () => Math.round((random() - 0.5) * 100))
  bias[5] = EXCLUDED
  const ids = Array.from({ length: size }, (_, row) => `item${String(row).padStart(5, '0')}`)
  const lists = [0, 1].map(() =>
    ids.map(() => {
      const rows = new Set(Array.from({ length: 8 }, () => Math.floor(random() * size)))
      rows.delete(5)
      return { rows: Uint32Array.from(rows).sort(), weights: new Float32Array(rows.size).fill(1 / rows.size) }
    }),
  )
  const catalog: Catalog = {
    size,
    dim,
    codes,
    step,
    bias,
    biasStep,
    tables: ['session', 'next'],
    rowOf: (id) => ids.indexOf(id),
    idOf: (row) => ids[row]!,
    vector(row, out = new Float32Array(dim)) {
      for (let d = 0; d < dim; d++) out[d] = codes[row * dim + d]! * step
      return out
    },
    neighbours: (table, row) => lists[table]![row]!,
    popularity: (row) => size - row,
    facts: (row) => ({ id: ids[row]!, popularity: size - row }),
    popular: (n) => Uint32Array.from({ length: Math.min(n, size) }, (_, row) => row),
  }
  const one = (query: Int16Array, multiplier: number, row: number): number => {
    if (bias[row] === EXCLUDED) return NEVER
    let sum = bias[row]! * multiplier
    for (let d = 0; d < dim; d++) sum += codes[row * dim + d]! * query[d]!
    return sum
  }
  const scorer: Scorer = {
    backend: 'js',
    codes,
    score: (query, multiplier, rows) => Int32Array.from(rows, (row) => one(query, multiplier, row)),
    topK(query, multiplier, k) {
      const best = ids
        .map((_, row) => ({ row, score: one(query, multiplier, row) }))
        .filter(({ score }) => score !== NEVER)
        .sort((a, b) => b.score - a.score || a.row - b.row)
        .slice(0, k)
      return {
        rows: Uint32Array.from(best, ({ row }) => row),
        scores: Int32Array.from(best, ({ score }) => score),
      }
    },
  }
  return {
    catalog,
    scorer,
    random,
    encoder: {
      kind: 'attention',
      dim,
      window: 10,
      attention: Float32Array.from({ length: dim * dim }, () => random() - 0.5),
      position: Float32Array.from([0.4, 0.1, 0]),
      scale: 8,
    },
    blend: {
      buckets: Array.from({ length: 4 }, () => ({
        dense: 0.7,
        denseExponent: 0.9,
        table: [0.3, 0.2],
        tableExponent: [0.8, 1],
        profile: 0.2,
        again: 0,
        server: 0.3,
      })),
      repeat: Float32Array.from([-2, 0.5, 0.3]),
      habit: new Float32Array(HABITS),
      rareBias: -1,
      tableDecay: 0.7,
      tableWindow: 20,
    },
  }
}
