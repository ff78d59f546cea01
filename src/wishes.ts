/** Reads the options of one call, each field once. A page may pass anything, so every field is checked. */
import type { RankingSettings } from '../worker/protocol.js'
import type { Readers } from './candidates.js'
import { idOf, idsOf } from './id.js'
import { only } from './only.js'
import { plain } from './plain.js'

export interface Wishes {
  timeout: unknown
  /** How the page's objects are read. */
  readers: Readers
  /** What is sent to the engine. */
  request: {
    slot: string
    limit: number
    exclude: string[]
    seeds: string[]
    /** All other options say how the list is made. The engine checks them. */
    ranking: RankingSettings
  }
}

/**
 * @param usual the limit where the page sets none
 * @throws whatever a getter or an iterator of the page's object throws
 */
export function wishesOf(given: unknown, usual: number): Wishes {
  const { slot, limit, timeout, key, facts, score, fixed, exclude, seeds, ...ranking } = Object(given)
  return {
    timeout,
    readers: only({ key, facts, score, fixed }, (read) => typeof read === 'function'),
    request: {
      slot: typeof slot === 'string' && slot ? slot : 'default',
      limit: typeof limit === 'number' && limit >= 0 ? Math.floor(limit) : usual,
      exclude: idsOf(exclude),
      seeds: idsOf(seeds),
      ranking: plain(ranking) as RankingSettings,
    },
  }
}

/**
 * What `forget` must erase: an item's id, or everything (undefined). False if that is not clear, because a mistake must not
 * erase more than was meant.
 */
export function toForget(what: unknown): string | undefined | false {
  if (what === undefined || what === null) return undefined
  if (typeof what !== 'object') return idOf(what) || false
  const names = Object.keys(what)
  if (names.length === 0 && !Array.isArray(what)) return undefined
  return `${names}` === 'item' && (idOf((what as { item: unknown }).item) || false)
}
