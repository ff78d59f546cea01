/**
 * Vector multiplication session-kNN (VSKNN; Ludewig and Jannach 2018, as in session-rec). It finds the sessions that
 * are most similar to the running one by the items they share; these sessions vote for the items they contain. It
 * needs the raw sessions of other people, which a pack must not contain, so it serves only for comparison.
 */
import type { Interactions } from '../../data/interactions.js'
import type { ScoreItems } from '../questions/baseline.js'
import { eventCounts, inverse, itemsOfSessions } from './memberships.js'

export interface NeighbourSettings {
  /** Number of neighbours that vote. */
  neighbours: number
  /** The neighbours are searched among this many most recent sessions. */
  sample: number
}

/** How much more an item counts for each unit of its inverse document frequency. */
const IDF = 5

export function vsknn(log: Interactions, settings: NeighbourSettings): ScoreItems {
  const sessions = itemsOfSessions(log)
  const bySessions = inverse(sessions, log.ids.length)
  const count = sessions.starts.length - 1
  const rarity = Float64Array.from(eventCounts(log), (events) => 1 + IDF * Math.log(count / events))
  const similarity = new Float64Array(count)
  /** 1 + distance of the most recent shared item from the end of the session. */
  const step = new Uint32Array(count)

  return (items) => {
    const candidates: number[] = []
    let distinct = 0
    const seen = new Set<number>()
    for (let j = items.length - 1; j >= 0; j--) {
      const item = items[j]!
      if (item < 0 || seen.has(item)) continue
      seen.add(item)
      distinct++
      const end = bySessions.starts[item + 1]!
      // Sessions are in time order, so the last ones are the most recent. A session too old for the sample of one
      // item's list is also too old for the sample of the union.
      for (let p = Math.max(bySessions.starts[item]!, end - settings.sample); p < end; p++) {
        const session = bySessions.values[p]!
        if (step[session] === 0) {
          step[session] = items.length - j
          candidates.push(session)
        }
        similarity[session] = similarity[session]! + ((j + 1) / items.length) ** 2
      }
    }
    const scores = new Map<number, number>()
    for (const session of nearest(candidates, similarity, settings)) {
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
    return scores
  }
}

/**
 * The most similar among the most recent candidates; of equally similar ones, the more recent. Sessions are in time
 * order.
 */
function nearest(
  candidates: number[],
  similarity: Float64Array,
  { neighbours, sample }: NeighbourSettings,
): Iterable<number> {
  if (candidates.length <= neighbours) return candidates
  const recent = Uint32Array.from(candidates).sort()
  return recent
    .slice(-sample)
    .sort((a, b) => similarity[b]! - similarity[a]! || b - a)
    .subarray(0, neighbours)
}
