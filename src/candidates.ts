/**
 * The shop's own objects stay on the page. Their ids and a few facts go to the worker, and an order comes back. This file
 * applies that order to the objects. Every object that went in comes out exactly once, even if the answer is wrong.
 */
import type { Attributes, AttributeValue, Ranking, RankRequest } from '../worker/protocol.js'
import type { ItemId, RankedItem, RankOptions } from './api.js'
import { amount, idOf, idsOf } from './id.js'
import { said } from './only.js'

/** How the page's objects are read. */
export type Readers<T = unknown> = Pick<RankOptions<T>, 'key' | 'facts' | 'score' | 'fixed'>

/** What the worker gets to know of the objects. An object without an id has the id ''. */
export type Candidates = Pick<RankRequest, 'ids' | 'facts' | 'serverScores' | 'fixed'>

/** Fields that say something about an item where the page does not choose them. */
const FACTS = ['title', 'category', 'brand', 'price', 'available']
/** The most facts of one item, and the most values of one fact. */
const MOST = 50

/** A reader of the page that throws has nothing to say of that item. */
export function candidates<T>(
  items: readonly T[],
  { key = idIn, facts, score, fixed }: Readers<T> = {},
): Candidates {
  const each = <V>(read: (item: T, index: number) => V) =>
    items.map((item, index) => {
      try {
        return read(item, index)
      } catch {
        return undefined
      }
    })
  // Where the page passes ids there is nothing to read, and nothing is sent.
  const readable = facts ?? items.some((item) => typeof item === 'object')
  return {
    ids: each((item) => idOf(key(item))).map((id) => id ?? ''),
    ...(readable && { facts: each((item) => (facts ? attributes(facts(item)) : attributes(item, FACTS))) }),
    ...(score && { serverScores: Float64Array.from(each((item) => amount(score(item))) as number[]) }),
    ...(fixed && { fixed: each(fixed).flatMap((is, index) => (is ? index : [])) }),
  }
}

export function serversOrder<T>(items: readonly T[], { ids }: Candidates): RankedItem<T>[] {
  return items.map((item, position) => rankedItem(item, ids[position]!, position))
}

/** @returns undefined if the answer is not a permutation of the candidates */
export function devicesOrder<T>(
  items: readonly T[],
  { ids }: Candidates,
  answer: Ranking,
): RankedItem<T>[] | undefined {
  const order = Array.from(answer.order ?? [])
  const usable =
    order.length > 0 && new Set(order).size === order.length && order.every((index) => index in items)
  return usable
    ? order.map((index, position) => rankedItem(items[index]!, ids[index]!, position, answer))
    : undefined
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

function idIn(item: unknown): ItemId | undefined {
  if (typeof item !== 'object' || item === null) return item as ItemId
  const { id, item_id } = item as { id?: ItemId; item_id?: ItemId }
  return id ?? item_id
}

function attributes(given: unknown, names = Object.keys(Object(given)).slice(0, MOST)): Attributes {
  const facts = Object(given) as Record<string, unknown>
  return Object.fromEntries(
    names.map((name) => [name, attribute(facts[name])] as const).filter(([, value]) => said(value)),
  ) as Attributes
}

function attribute(value: unknown): AttributeValue | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return value
  return idOf(value) || (Array.isArray(value) ? idsOf(value).slice(0, MOST) : undefined)
}
