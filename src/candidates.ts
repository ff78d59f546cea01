/**
 * The shop's own objects stay on the page. Only their ids go to the worker, and an order comes back. This file applies
 * that order to the objects. Every object that went in comes out exactly once, even if the answer is wrong.
 */
import type { Ranking } from '../worker/protocol.js'
import type { RankedItem, RankOptions } from './api.js'
import { idOf } from './id.js'

export interface Candidates<T> {
  items: readonly T[]
  /** The shop's ids; '' for an object without one. */
  ids: string[]
}

export function candidates<T>(items: readonly T[], key?: RankOptions<T>['key']): Candidates<T> {
  return { items, ids: items.map((item) => read(item, key)) }
}

export function serversOrder<T>({ items, ids }: Candidates<T>): RankedItem<T>[] {
  return items.map((item, position) => rankedItem(item, ids[position]!, position))
}

/** @returns undefined if the answer is not a permutation of the candidates */
export function devicesOrder<T>({ items, ids }: Candidates<T>, answer: Ranking): RankedItem<T>[] | undefined {
  const { order } = answer
  if (order?.length !== items.length || new Set(order).size !== items.length) return undefined
  const ranked: RankedItem<T>[] = []
  for (const [position, index] of order.entries()) {
    if (!(index in items)) return undefined
    ranked.push(rankedItem(items[index]!, ids[index]!, position, answer))
  }
  return ranked
}

/** The items of an answer that has ids instead of the shop's objects. */
export function byId(answer: Ranking): RankedItem<string>[] {
  return answer.ids.map((id, position) => rankedItem(id, id, position, answer))
}

function rankedItem<T>(item: T, id: string, position: number, answer?: Ranking): RankedItem<T> {
  return {
    item,
    id,
    score: answer?.scores[position] ?? 0,
    position,
    reasons: answer?.reasons[position] ?? [],
    source: answer?.sources[position] ?? 'server',
  }
}

function read<T>(item: T, key?: RankOptions<T>['key']): string {
  try {
    return idOf(key ? key(item) : implied(item))
  } catch {
    return ''
  }
}

function implied(item: unknown): unknown {
  if (typeof item !== 'object' || item === null) return item
  const { id, item_id } = item as { id?: unknown; item_id?: unknown }
  return id ?? item_id
}
