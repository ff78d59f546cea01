/** Reads the options of one call, each field once. A page may pass anything, so every field is checked. */
import type { RankOptions } from './api.js'
import { idOf, idsOf } from './id.js'

export interface Wishes {
  slot: string
  /** Undefined if the page has not set it. */
  limit: number | undefined
  timeout: unknown
  key: RankOptions<unknown>['key']
  exclude: string[]
  seeds?: string[]
}

/** @throws whatever a getter or an iterator of the page's object throws */
export function wishesOf(given: unknown): Wishes {
  const { slot, limit, timeout, key, exclude, seeds } = Object(given) as Record<keyof Wishes, unknown>
  return {
    slot: typeof slot === 'string' && slot ? slot : 'default',
    limit: typeof limit === 'number' && limit >= 0 ? Math.floor(limit) : undefined,
    timeout,
    key: typeof key === 'function' ? (key as Wishes['key']) : undefined,
    exclude: idsOf(exclude),
    ...(seeds ? { seeds: idsOf(seeds) } : {}),
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
