/** Packs made by hand for the tests of the attacks, so that what they reveal is known. */
import type { Model } from '../../../worker/rank/evidence.js'
import type { Log } from '../model/log.js'
import { random } from '../model/random.js'
import { serving } from '../model/serve.js'
import { supportOf } from '../model/support.js'
import { example } from '../pack/example.js'
import { countPeople, pairsOf, type Suspect } from './suspects.js'

/** Visits of four different items each, drawn at random: almost no two share a pair. */
export function visits(sessions: number, items: number, seed: number): Log {
  const uniform = random(seed)
  const rows: number[] = []
  const offsets = [0]
  for (let s = 0; s < sessions; s++) {
    const drawn = new Set<number>()
    while (drawn.size < 4) drawn.add(Math.floor(uniform() * items))
    rows.push(...drawn)
    offsets.push(rows.length)
  }
  return logOf(rows, offsets, items)
}

export function logOf(rows: number[], offsets: number[], items: number): Log {
  return {
    items,
    sessions: offsets.length - 1,
    offsets: Uint32Array.from(offsets),
    rows: Uint32Array.from(rows),
    weights: new Float32Array(rows.length).fill(1),
    persons: Int32Array.from({ length: offsets.length - 1 }, (_, s) => s),
    ends: Float64Array.from({ length: offsets.length - 1 }, (_, s) => s),
  }
}

/** A pack of one table with every pair that k people have, equal vectors, and counts from k up. */
export function packOf(log: Log, k: number): Promise<Model> {
  const { items } = log
  const pairs = new Map<number, number>()
  for (let s = 0; s < log.sessions; s++) for (const pair of pairsOf(log, s, items)) pairs.set(pair, 0)
  countPeople(log, pairs, (l, s) => pairsOf(l, s, items))
  const kept = [...pairs].filter(([, people]) => people >= k).map(([pair]) => pair)
  const lists: number[][] = Array.from({ length: items }, () => [])
  for (const pair of kept) {
    const [a, b] = [Math.floor(pair / items), pair % items]
    lists[a]!.push(b)
    lists[b]!.push(a)
  }
  const offsets = new Uint32Array(items + 1)
  for (const [row, list] of lists.entries()) offsets[row + 1] = offsets[row]! + list.length
  const rows = Uint32Array.from(lists.flatMap((list) => list.sort((a, b) => a - b)))
  const content = example(items, 8)
  return serving({
    ...content,
    codes: new Int8Array(items * 8).fill(10),
    bias: new Int8Array(items),
    popularity: supportOf(log, k).popularity,
    tables: [{ name: 'both', offsets, rows, weights: new Uint8Array(rows.length).fill(255) }],
    blend: {
      ...content.blend,
      buckets: content.blend.buckets.map((bucket) => ({
        ...bucket,
        table: [1],
        tableExponent: [1],
        dense: 0.001,
      })),
    },
  })
}

export function asSuspects(log: Log): Suspect[] {
  return Array.from({ length: log.sessions }, (_, s) => {
    const rows = [...log.rows.subarray(log.offsets[s]!, log.offsets[s + 1]!)]
    return { rows, weights: rows.map(() => 1), rareItem: false, rarePair: true, unnamed: 0, named: 0 }
  })
}
