/**
 * Which items each session of a log contains, and which sessions contain each item. Neighbours and factors are
 * computed from these lists.
 */
import type { Interactions } from '../../data/interactions.js'

/** Lists in compressed rows: list i is `values` from starts[i] to starts[i + 1]. */
export interface Lists {
  starts: Uint32Array
  values: Uint32Array
}

/** The distinct items of each session, in the order of their first event. */
export function itemsOfSessions({ rows, offsets }: Interactions): Lists {
  const starts = new Uint32Array(offsets.length)
  const values = new Uint32Array(rows.length)
  let n = 0
  for (let s = 0; s + 1 < offsets.length; s++) {
    for (const row of new Set(rows.subarray(offsets[s], offsets[s + 1]))) values[n++] = row
    starts[s + 1] = n
  }
  return { starts, values: values.subarray(0, n) }
}

/** The inverse lists: for each of `count` values, the lists that contain it, ascending. */
export function inverse(lists: Lists, count: number): Lists {
  const starts = new Uint32Array(count + 1)
  for (const value of lists.values) starts[value + 1] = starts[value + 1]! + 1
  for (let i = 0; i < count; i++) starts[i + 1] = starts[i + 1]! + starts[i]!
  const next = starts.slice()
  const values = new Uint32Array(lists.values.length)
  for (let s = 0; s + 1 < lists.starts.length; s++) {
    for (let p = lists.starts[s]!; p < lists.starts[s + 1]!; p++) {
      const value = lists.values[p]!
      values[next[value]!] = s
      next[value] = next[value]! + 1
    }
  }
  return { starts, values }
}

/** The number of events of each item. */
export function eventCounts({ ids, rows }: Interactions): Float64Array {
  const counts = new Float64Array(ids.length)
  for (const row of rows) counts[row] = counts[row]! + 1
  return counts
}
