/** The options of one call, read once. A page may pass anything, so every field is checked. */
import type { RankOptions } from './api.js'
import { idsOf } from './id.js'

export interface Wishes {
  slot: string
  /** Undefined where the page has not said. */
  limit: number | undefined
  timeout: unknown
  key: RankOptions<unknown>['key']
  exclude: string[]
  seeds?: string[]
}

/** @throws what a getter or an iterator of the page's object throws */
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
