/**
 * Vector multiplication session-kNN (VSKNN; Ludewig and Jannach 2018, as in session-rec): the sessions most like the
 * running one, found by the items they share, vote for what they hold. It needs the raw sessions of other people, which
 * a pack must not hold; it is what a pack is measured against.
 */
import type { Interactions } from '../data/interactions.js'
import type { Baseline } from './baseline.js'
import { placeOf } from './baseline.js'

/** Neighbours that vote, and most recent sessions among which they are sought. */
const NEIGHBOURS = 500
const SAMPLE = 5000
/** How much more an item counts for each unit of its inverse document frequency. */
const IDF = 5

export function vsknn(log: Interactions): Baseline {
  const sessions = distinctItems(log)
  const bySessions = sessionsOfItems(log.ids.length, sessions)
  const count = sessions.starts.length - 1
  const rarity = Float64Array.from(eventCounts(log), (events) => 1 + IDF * Math.log(count / events))
  const similarity = new Float64Array(count)
  /** 1 + distance of the most recent shared item. */
  const step = new Uint32Array(count)

  return {
    name: 'vsknn',
    rank(items, target) {
      if (target < 0) return 0
      const candidates: number[] = []
      let distinct = 0
      const seen = new Set<number>()
      for (let j = items.length - 1; j >= 0; j--) {
        const item = items[j]!
        if (item < 0 || seen.has(item)) continue
        seen.add(item)
        distinct++
        const end = bySessions.starts[item + 1]!
        // The most recent sessions are the last ones; older than SAMPLE in one item's list is older in the union too.
        for (let p = Math.max(bySessions.starts[item]!, end - SAMPLE); p < end; p++) {
          const session = bySessions.values[p]!
          if (step[session] === 0) {
            step[session] = items.length - j
            candidates.push(session)
          }
          similarity[session] = similarity[session]! + ((j + 1) / items.length) ** 2
        }
      }
      const neighbours = nearest(candidates, similarity)
      const scores = new Map<number, number>()
      for (const session of neighbours) {
        const vote = similarity[session]! / distinct / step[session]!
        for (let p = sessions.starts[session]!; p < sessions.starts[session + 1]!; p++) {
          const item = sessions.values[p]!
          scores.set(item, (scores.get(item) ?? 0) + vote * rarity[item]!)
        }
      }
      for (const session of candidates) {
        similarity[session] = 0
        step[session] = 0
      }
      return placeOf(scores, target)
    },
  }
}

/** Lists in compressed rows. */
interface Lists {
  starts: Uint32Array
  values: Uint32Array
}

/** The most similar of the most recent candidates, ties to the more recent. Sessions are in the order of time. */
function nearest(candidates: number[], similarity: Float64Array): Iterable<number> {
  if (candidates.length <= NEIGHBOURS) return candidates
  const recent = Uint32Array.from(candidates).sort()
  const sample = recent.length > SAMPLE ? recent.subarray(recent.length - SAMPLE) : recent
  return sample
    .slice()
    .sort((a, b) => similarity[b]! - similarity[a]! || b - a)
    .subarray(0, NEIGHBOURS)
}

function eventCounts({ ids, rows }: Interactions): Float64Array {
  const counts = new Float64Array(ids.length)
  for (const row of rows) counts[row] = counts[row]! + 1
  return counts
}

function distinctItems({ rows, offsets }: Interactions): Lists {
  const starts = new Uint32Array(offsets.length)
  const values = new Uint32Array(rows.length)
  let n = 0
  for (let s = 0; s + 1 < offsets.length; s++) {
    for (const row of new Set(rows.subarray(offsets[s], offsets[s + 1]))) values[n++] = row
    starts[s + 1] = n
  }
  return { starts, values: values.subarray(0, n) }
}

function sessionsOfItems(items: number, sessions: Lists): Lists {
  const starts = new Uint32Array(items + 1)
  for (const item of sessions.values) starts[item + 1] = starts[item + 1]! + 1
  for (let i = 0; i < items; i++) starts[i + 1] = starts[i + 1]! + starts[i]!
  const next = starts.slice()
  const values = new Uint32Array(sessions.values.length)
  for (let s = 0; s + 1 < sessions.starts.length; s++) {
    for (let p = sessions.starts[s]!; p < sessions.starts[s + 1]!; p++) {
      const item = sessions.values[p]!
      values[next[item]!] = s
      next[item] = next[item]! + 1
    }
  }
  return { starts, values }
}
