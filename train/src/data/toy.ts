/** Logs made by hand, for tests. */
import { random } from '../model/random.js'
import type { Interactions } from './interactions.js'

/** Sessions of strangers as lists of rows; of time there is only an order. */
export function interactionsOf(ids: string[], sessions: readonly (readonly number[])[]): Interactions {
  const rows = sessions.flat()
  const offsets = [0]
  for (const session of sessions) offsets.push(offsets.at(-1)! + session.length)
  return {
    ids,
    offsets: Uint32Array.from(offsets),
    rows: Uint32Array.from(rows),
    weights: new Float32Array(rows.length).fill(1),
    times: Float64Array.from(rows.keys()),
    users: null,
    time: 'order',
  }
}

/** `item000`, `item001`, …: in the order of their numbers. */
export function numbered(items: number): string[] {
  return Array.from({ length: items }, (_, row) => `item${String(row).padStart(3, '0')}`)
}

/** People who mostly go from one item to the next. */
export function walks(sessions: number, items: number, seed: number): Interactions {
  const uniform = random(seed)
  return interactionsOf(
    numbered(items),
    Array.from({ length: sessions }, () => {
      const walk: number[] = []
      let item = Math.floor(uniform() * items)
      for (let e = 0; e < 2 + uniform() * 5; e++) {
        walk.push(item)
        item = uniform() < 0.8 ? (item + 1) % items : Math.floor(uniform() * items)
      }
      return walk
    }),
  )
}
