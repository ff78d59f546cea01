/**
 * Random rules on random lists. What must hold is worked out here from docs/ranking.md, with none of the engine's own code
 * for rules: every rule holds in the list or is reported, every candidate comes back once unless a rule removes it, and no
 * list is empty where there was something.
 */
import { describe, expect, it } from 'vitest'
import { shop } from '../../fixtures/shop.js'
import type { Attributes, Condition, RankedItems, Rule, WireEvent } from '../../protocol.js'
import { answerRank, answerRecommend } from '../../rank/answer.js'
import { type Known, knownBy } from '../../rank/candidates.js'
import { gather } from '../../rank/evidence.js'
import { createSettings } from '../settings.js'
import { shape } from '../shape.js'

const RUNS = 150
const NOW = Date.UTC(2026, 5, 1)
const DAY = 86_400_000

type Random = () => number

/** Numerical Recipes' linear congruential generator; the same seed gives the same numbers. */
function randomFrom(seed: number): Random {
  let state = Math.imul(seed, 2654435761) >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

const below = (random: Random, n: number) => Math.floor(random() * n)
const pick = <T>(random: Random, list: readonly T[]): T => list[below(random, list.length)]!
const several = <T>(random: Random, n: number, make: () => T): T[] =>
  Array.from({ length: 1 + below(random, n) }, make)
const now = (random: Random) => random() < 0.5

const BRANDS = ['acme', 'bolt', 'coil', 'dyna']
const COLOURS = ['red', 'blue']

function randomAttributes(random: Random, share = 0.8): Attributes {
  const all: Attributes = {
    brand: pick(random, BRANDS),
    price: below(random, 100),
    category: pick(random, ['Home', 'Home > Kitchen', 'Toys']),
    colour: random() < 0.2 ? COLOURS : pick(random, COLOURS),
    available: random() < 0.8,
    repurchase: below(random, 40),
  }
  return Object.fromEntries(Object.entries(all).filter(() => random() < share))
}

const model = shop(
  (
    (random) => () =>
      randomAttributes(random)
  )(randomFrom(7)),
)
const { catalog } = model
const idOf = (random: Random) =>
  random() < 0.1 ? `stranger${below(random, 5)}` : catalog.idOf(below(random, catalog.size))

function randomCondition(random: Random, depth = 0): Condition {
  const leaves: (() => Condition)[] = [
    () => ({
      attribute: 'brand',
      is: random() < 0.5 ? pick(random, BRANDS) : several(random, 3, () => pick(random, BRANDS)),
    }),
    () => ({ attribute: 'price', above: below(random, 100) }),
    () => ({ attribute: 'price', atMost: below(random, 100), atLeast: below(random, 30) }),
    () => ({ attribute: 'category', under: 'Home' }),
    () => ({ attribute: 'colour', is: pick(random, COLOURS) }),
    () => ({ attribute: 'colour', known: now(random) }),
    () => ({ ids: several(random, 40, () => idOf(random)) }),
  ]
  if (depth > 2 || random() < 0.7) return pick(random, leaves)()
  const inner = () => randomCondition(random, depth + 1)
  return pick(random, [
    () => ({ all: several(random, 3, inner) }),
    () => ({ any: several(random, 3, inner) }),
    () => ({ not: inner() }),
  ])()
}

function randomRule(random: Random, n: number): Rule {
  const where = () => randomCondition(random)
  const maybe = <T extends object>(chance: number, fields: T) => (random() < chance ? fields : {})
  const remove = maybe(0.3, { remove: true as const })
  const within = 1 + below(random, 30)
  const rules: (() => Rule)[] = [
    () => ({ kind: 'available', ...remove }),
    () => ({ kind: 'available', off: true }),
    () => ({
      kind: 'hide',
      what: pick(random, ['seen', 'bought'] as const),
      ...maybe(0.5, { days: below(random, 60) }),
      ...maybe(0.3, { where: where() }),
      ...remove,
    }),
    () => ({ kind: 'include', where: where(), ...remove }),
    () => ({ kind: 'exclude', where: where(), ...remove }),
    () => ({ kind: 'bury', where: where() }),
    () => ({ kind: 'boost', where: where(), factor: pick(random, [0.5, 2, 10]) }),
    () => ({ kind: 'pin', where: where(), position: below(random, 12) }),
    () => ({
      kind: 'cap',
      by: pick(random, ['brand', 'colour', 'category']),
      most: 1 + below(random, 4),
      within,
      ...maybe(0.3, { where: where() }),
      ...remove,
    }),
    () => ({ kind: 'share', where: where(), least: pick(random, [0.1, 0.3, 0.5, 1]), within }),
  ]
  return { ...pick(random, rules)(), name: `rule ${n}` }
}

/** An item of a list, as the rules see it. */
interface Item {
  id: string
  said: Attributes
}

/** What is said of an item: the page's word first. */
function itemOf(id: string, facts: Attributes = {}): Item {
  const row = catalog.rowOf(id)
  const names = ['brand', 'price', 'category', 'colour', 'available', 'repurchase']
  const ofPack = row < 0 ? [] : names.map((name) => [name, catalog.attribute(row, name)])
  return { id, said: { ...Object.fromEntries(ofPack.filter(([, value]) => value !== undefined)), ...facts } }
}

function holds(condition: Condition, item: Item): boolean {
  if ('all' in condition) return condition.all.every((inner) => holds(inner, item))
  if ('any' in condition) return condition.any.some((inner) => holds(inner, item))
  if ('not' in condition) return !holds(condition.not, item)
  if ('ids' in condition) return condition.ids.includes(item.id)
  if ('source' in condition) throw new Error('not made here')
  const value = item.said[condition.attribute]
  if (value === undefined) return condition.known === false
  if (condition.known === false) return false
  const { is, under, above, atMost, atLeast } = condition
  const values = [value].flat() as (string | number)[]
  if (is !== undefined && !values.some((one) => [is].flat().includes(one))) return false
  if (under !== undefined && !values.some((one) => one === under || `${one}`.startsWith(`${under} >`)))
    return false
  if (above !== undefined && !(Number(value) > Number(above))) return false
  if (atMost !== undefined && !(Number(value) <= Number(atMost))) return false
  return atLeast === undefined || Number(value) >= Number(atLeast)
}

const LEVELS: Partial<Record<Rule['kind'], number>> = {
  bury: 1,
  hide: 2,
  available: 3,
  include: 5,
  exclude: 5,
}
const UNWANTED = 4

interface Visitor {
  events: readonly WireEvent[]
  unwanted: ReadonlySet<string>
}

/** Whether the rule is against an item. */
function against(rule: Rule, item: Item, { events }: Visitor): boolean {
  if (rule.kind === 'available') return !rule.off && item.said.available === false
  if (rule.kind === 'include') return !holds(rule.where, item)
  if (rule.kind === 'exclude' || rule.kind === 'bury') return holds(rule.where, item)
  if (rule.kind !== 'hide' || (rule.where && !holds(rule.where, item))) return false
  const names = rule.what === 'seen' ? ['view_item', 'purchase'] : ['purchase']
  const times = events
    .filter(({ name, items }) => names.includes(name) && items[0]!.item_id === item.id)
    .map(({ time }) => time)
  if (times.length === 0) return false
  const cycle = rule.what === 'bought' ? (item.said.repurchase as number | undefined) : undefined
  return NOW - times.at(-1)! < (rule.days ?? cycle ?? Infinity) * DAY
}

function highest(rules: readonly Rule[], item: Item, visitor: Visitor): number {
  const levels = rules.map((rule) => (against(rule, item, visitor) ? (LEVELS[rule.kind] ?? 0) : 0))
  return Math.max(0, visitor.unwanted.has(item.id) ? UNWANTED : 0, ...levels)
}

/** Of how many items or positions of a finished list a rule does not hold. */
function missed(
  rule: Rule,
  rules: readonly Rule[],
  list: readonly Item[],
  visitor: Visitor,
  chosen: boolean,
): number {
  const level = (item: Item) => highest(rules, item, visitor)
  if (rule.kind === 'boost') return 0
  if (rule.kind === 'pin') {
    const item = list[rule.position]
    return item && level(item) < 2 && holds(rule.where, item) ? 0 : 1
  }
  if (rule.kind === 'share') {
    const window = list.slice(0, rule.within)
    const need = Math.ceil(Number((rule.least * window.length).toFixed(6)))
    return Math.max(0, need - window.filter((item) => holds(rule.where, item)).length)
  }
  if (rule.kind === 'cap') {
    const counts: Record<string, number> = {}
    for (const item of list.slice(0, rule.within)) {
      if (rule.where && !holds(rule.where, item)) continue
      for (const value of [item.said[rule.by] ?? []].flat())
        counts[`${value}`] = (counts[`${value}`] ?? 0) + 1
    }
    return Object.values(counts).reduce((sum, count) => sum + Math.max(0, count - rule.most), 0)
  }
  const own = LEVELS[rule.kind]!
  const mustGo = chosen ? rule.kind !== 'bury' : 'remove' in rule && rule.remove
  return list.filter(
    (item, position) =>
      against(rule, item, visitor) &&
      (mustGo || list.slice(position + 1).some((later) => level(later) < own)),
  ).length
}

function everyRule(rules: readonly Rule[]): Rule[] {
  const off = rules.some((rule) => rule.kind === 'available' && rule.off)
  return [...(off ? [] : [{ kind: 'available', name: 'available' } as Rule]), ...rules]
}

function expectReported(
  answer: RankedItems,
  list: readonly Item[],
  rules: readonly Rule[],
  visitor: Visitor,
  chosen: boolean,
): void {
  const all = everyRule(rules)
  const expected = all
    .map((rule) => ({ rule: rule.name, kind: rule.kind, items: missed(rule, all, list, visitor, chosen) }))
    .filter(({ items }) => items > 0)
  expect(answer.broken ?? []).toEqual(expected)
}

function randomVisitor(random: Random, ids: readonly string[]): Visitor & Known {
  const rows = several(random, 6, () => below(random, catalog.size))
  const events = several(random, 20, (): WireEvent => {
    const name = pick(random, ['view_item', 'purchase', 'view_item_list'] as const)
    return {
      id: String(random()),
      name,
      time: NOW - below(random, 50) * DAY,
      items: [{ item_id: random() < 0.5 ? idOf(random) : pick(random, ids) }],
    }
  }).sort((a, b) => a.time - b.time)
  const unwanted = random() < 0.3 ? new Set(several(random, 3, () => pick(random, ids))) : new Set<string>()
  const evidence = gather(model, random() < 0.3 ? [] : rows.map((row) => ({ row, weight: 1 })))
  return { ...knownBy(evidence), events, unwanted, now: NOW }
}

function settingsOf(rules: Rule[]) {
  const told: string[] = []
  const settings = createSettings({ ranking: { rules } }, (text) => told.push(text))({ slot: '' })
  expect(told).toEqual([])
  return { settings, shape }
}

/**
 * Of how many items or positions, at most, one rule cannot hold in any order of these items.
 * @param fine those that no rule is against
 */
function hopeless(rule: Rule, items: readonly Item[], fine: readonly Item[]): number {
  if (rule.kind === 'pin') {
    return fine.length > rule.position && fine.some((item) => holds(rule.where, item)) ? 0 : 1
  }
  if (rule.kind === 'share') {
    const need = Math.ceil(Number((rule.least * Math.min(rule.within, items.length)).toFixed(6)))
    return Math.max(0, need - fine.filter((item) => holds(rule.where, item)).length)
  }
  if (rule.kind === 'cap') {
    const counts: Record<string, number> = {}
    const within = Math.min(rule.within, items.length)
    let room = 0
    for (const item of fine) {
      const values =
        rule.where && !holds(rule.where, item) ? [] : [item.said[rule.by] ?? []].flat().map(String)
      if (values.some((value) => (counts[value] ?? 0) >= rule.most)) continue
      room++
      for (const value of values) counts[value] = (counts[value] ?? 0) + 1
    }
    return room < within ? Infinity : 0
  }
  // Only a list of which nothing would be left keeps what a rule is against.
  return fine.length === 0 ? items.length : 0
}

describe('random rules', () => {
  it('hold in the shop’s own lists, or are reported', () => {
    for (let seed = 1; seed <= RUNS; seed++) {
      const random = randomFrom(seed)
      const ids = several(random, 60, () => (random() < 0.05 ? '' : idOf(random)))
      const facts = ids.map(() => (random() < 0.3 ? randomAttributes(random, 0.5) : undefined))
      const fixed = random() < 0.3 ? [...new Set(several(random, 5, () => below(random, ids.length)))] : []
      const visitor = randomVisitor(random, ids)
      const rules = several(random, 8, () => 0).map((_, n) => randomRule(random, n))
      const limit = pick(random, [ids.length, below(random, ids.length + 1)])
      const request = { ids, facts, fixed, slot: '', limit }
      const answer = answerRank(model, visitor, request, settingsOf(rules))
      const order = [...answer.order!]
      const item = (index: number) => itemOf(ids[index]!, facts[index])
      expect(new Set(order).size, `seed ${seed}`).toBe(order.length)
      expect(order.length, `seed ${seed}`).toBeGreaterThan(0)
      expect(answer.ids).toEqual(order.map((index) => ids[index]))

      const missing = [...ids.keys()].filter((index) => !order.includes(index))
      for (const index of missing) {
        const removes = everyRule(rules).some(
          (rule) =>
            'remove' in rule &&
            rule.remove &&
            (rule.kind === 'cap'
              ? !rule.where || holds(rule.where, item(index))
              : against(rule, item(index), visitor)),
        )
        expect(removes, `seed ${seed}: item ${index} is gone, and no rule removes it`).toBe(true)
        expect(fixed, `seed ${seed}`).not.toContain(index)
      }
      // Where nothing was removed, what the visitor has seen has not moved.
      if (missing.length === 0) for (const index of fixed) expect(order[index], `seed ${seed}`).toBe(index)
      expectReported(answer, order.map(item), rules, visitor, false)
    }
  })

  it('hold in what the engine chooses, or are reported', () => {
    for (let seed = 1; seed <= RUNS; seed++) {
      const random = randomFrom(seed)
      const visitor = { ...randomVisitor(random, [idOf(random)]), unwanted: new Set<string>() }
      const rules = several(random, 6, () => 0).map((_, n) => randomRule(random, n))
      const limit = 1 + below(random, 30)
      const exclude = several(random, 5, () => idOf(random))
      const answer = answerRecommend(model, visitor, { slot: '', limit, exclude }, settingsOf(rules))
      expect(answer.ids.length, `seed ${seed}`).toBeGreaterThan(0)
      expect(answer.ids.length, `seed ${seed}`).toBeLessThanOrEqual(limit)
      expect(new Set(answer.ids).size, `seed ${seed}`).toBe(answer.ids.length)
      expect(answer.ids.filter((id) => exclude.includes(id))).toEqual([])
      const list = answer.ids.map((id) => itemOf(id))
      expectReported(answer, list, rules, visitor, true)
    }
  })

  it('hold when they are alone and can hold', () => {
    for (let seed = 1; seed <= RUNS; seed++) {
      const random = randomFrom(seed)
      const ids = [...new Set(several(random, 60, () => idOf(random)))]
      const visitor = { ...randomVisitor(random, ids), unwanted: new Set<string>() }
      const rule = randomRule(random, 0)
      const { broken } = answerRank(model, visitor, { ids, slot: '', limit: ids.length }, settingsOf([rule]))
      if (!broken) continue
      const items = ids.map((id) => itemOf(id))
      const fine = items.filter((item) => highest(everyRule([rule]), item, visitor) === 0)
      for (const { items: count } of broken) {
        expect(count, `seed ${seed}: ${JSON.stringify(rule)}`).toBeLessThanOrEqual(
          hopeless(rule, items, fine),
        )
      }
    }
  })
})
