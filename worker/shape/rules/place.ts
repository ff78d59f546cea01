/**
 * Brings the items of a list to their places. From the strongest to the weakest:
 *
 * 1. what the visitor has seen in its place stays there;
 * 2. items that rules are against (levels from OUT on) come behind all others, and so does what the visitor does not want;
 * 3. pins; of two for one position, the later rule;
 * 4. caps; 5. shares; 6. bury; 7. boosts.
 */
import type { AttributeValue, Rule, RuleEffect } from '../../protocol.js'
import type { Candidates, RankContext } from '../../rank/candidates.js'
import { type ActiveRule, GONE, OUT } from './active.js'
import type { Items } from './condition.js'

/** Writes down what a rule did to an item. */
export type Note = (i: number, rule: ActiveRule, effect: RuleEffect['effect']) => void

/**
 * @param level of each item, see `active.ts`
 * @param chosen whether the engine chose the candidates; then the list is cut to `limit`, and no cap is ever exceeded
 * @returns the places of the items in `list`, in their new order
 */
export function place(
  list: Candidates,
  items: Items,
  active: readonly ActiveRule[],
  level: Uint8Array,
  { limit, fixed }: RankContext,
  chosen: boolean,
  note: Note,
): number[] {
  const wanted = boosted(list.rows.length, items, active, note)
  const kept = [...wanted.keys()].filter((i) => level[i]! < GONE)
  kept.sort((a, b) => level[a]! - level[b]! || wanted[a]! - wanted[b]!)
  const length = chosen ? Math.min(limit, kept.length) : kept.length

  const reserved = new Map<number, number>()
  const held = new Set<number>()
  const hold = (position: number, i: number) => {
    reserved.set(position, i)
    held.add(i)
  }
  for (const i of fixed.size > 0 ? kept : []) if (fixed.has(list.index[i]!)) hold(list.index[i]!, i)
  for (const one of [...active].reverse()) {
    if (one.rule.kind !== 'pin') continue
    const { position } = one.rule
    if (position >= length || reserved.has(position)) continue
    const i = kept.find((i) => level[i]! < OUT && !held.has(i) && one.test(items, i))
    if (i === undefined) continue
    hold(position, i)
    note(i, one, 'pinned')
  }

  const windows = windowsOf(items, active, length)
  for (const [position, i] of reserved) for (const window of windows) window.count(i, position)
  const caps = windows.filter(({ blocks }) => blocks)
  let queue = kept.filter((i) => !held.has(i))
  let head = 0
  const order = new Map(queue.map((i, q) => [i, q]))
  /** What is no longer in the queue. */
  const gone = new Set<number>()
  /** Items of the present group that a cap holds back, so that no position looks at them again. */
  let waiting: number[] = []
  let isSorted = true
  /** How many caps have ended. */
  let ended = 0
  /** No item before this place in the queue is one that all of these shares want. */
  let from = 0
  let searched: Window[] = []

  /** Whether one of the caps removes the item: it may have become full while the item was held back by another. */
  const leaves = (i: number, of: Window[]) => of.some(({ by, blocks }) => 'remove' in by.rule && blocks!(i))

  /** Where a cap has ended, what waits is back in the queue. */
  function release(position: number): void {
    const past = caps.filter(({ end }) => end <= position).length
    if (past === ended) return
    ended = past
    const left = queue.slice(head).filter((i) => !gone.has(i))
    for (const i of waiting) gone.delete(i)
    queue = [...left, ...waiting].sort((a, b) => order.get(a)! - order.get(b)!)
    head = from = 0
    waiting = []
    searched = []
  }

  /** The next of the queue for a position, as the windows want it. */
  function next(position: number): number | undefined {
    release(position)
    const full = caps.filter(({ end }) => position < end)
    const shares = windows.filter(({ end, urgent }) => position < end && urgent?.())
    const isHeldBack = (i: number) => {
      const cap = full.find(({ blocks }) => blocks!(i))
      if (!cap) return false
      note(i, cap.by, 'down')
      gone.add(i)
      if (!('remove' in cap.by.rule)) waiting.push(i)
      isSorted = false
      return true
    }
    for (;;) {
      while (gone.has(queue[head]!)) head++
      const first = waiting[0] ?? queue[head]
      if (first === undefined) return undefined
      const isNear = (q: number) => q < queue.length && group(level[queue[q]!]!) === group(level[first]!)
      while (isNear(head) && (gone.has(queue[head]!) || isHeldBack(queue[head]!))) head++
      if (isNear(head)) return shares.length > 0 ? wantedBy(shares, isNear, isHeldBack) : queue[head]!
      // All of the group is held back. Nothing is left out of a list that the shop has made.
      if (!isSorted) waiting.sort((a, b) => order.get(b)! - order.get(a)!)
      isSorted = true
      while (!chosen && waiting.length > 0) {
        const i = waiting.pop()!
        if (!leaves(i, full)) return i
      }
      waiting = []
    }
  }

  /** The first that all of the shares want; if there is none, the first of the queue. */
  function wantedBy(
    shares: Window[],
    isNear: (q: number) => boolean,
    isHeldBack: (i: number) => boolean,
  ): number {
    if (!searched.every((one) => shares.includes(one))) from = 0
    searched = shares
    for (from = Math.max(from, head); isNear(from); from++) {
      const i = queue[from]!
      if (gone.has(i) || isHeldBack(i) || !shares.every(({ by }) => by.test(items, i))) continue
      if (from > head) for (const { by } of shares) note(i, by, 'up')
      return i
    }
    return queue[head]!
  }

  const places: number[] = []
  while (places.length < length) {
    const position = places.length
    const i = reserved.get(position) ?? next(position)
    if (i === undefined) break
    if (!reserved.delete(position)) {
      gone.add(i)
      for (const window of windows) window.count(i, position)
    }
    places.push(i)
  }
  const rest = [...reserved].sort(([a], [b]) => a - b)
  return [...places, ...rest.map(([, i]) => i)]
}

/** Items of one group may take each other's places for a cap or a share. */
const group = (level: number) => (level < OUT ? 0 : level)

/** The place that each item gets by the boosts, counted from 1. */
function boosted(length: number, items: Items, active: readonly ActiveRule[], note: Note): Float64Array {
  const wanted = Float64Array.from({ length }, (_, i) => i + 1)
  for (const one of active) {
    if (one.rule.kind !== 'boost') continue
    const { factor } = one.rule
    for (let i = 0; i < length; i++) {
      if (!one.test(items, i)) continue
      wanted[i]! /= factor
      note(i, one, factor > 1 ? 'up' : 'down')
    }
  }
  return wanted
}

/** A rule about the first positions of the list, while these are filled. */
export interface Window {
  by: ActiveRule
  /** The first position behind it. */
  end: number
  /** For a cap: whether it has room for no more items like this one. */
  blocks?: (i: number) => boolean
  /** For a share: whether all positions that are left must go to its items. */
  urgent?: () => boolean
  count(i: number, position: number): void
  /** Of how many items that were counted the rule does not hold, or how many it lacks. */
  missed(): number
}

/** @param length of the finished list */
export function windowsOf(items: Items, active: readonly ActiveRule[], length: number): Window[] {
  return active.flatMap((by) => {
    const { rule } = by
    return rule.kind === 'cap'
      ? capOf(items, by, rule, length)
      : rule.kind === 'share'
        ? shareOf(items, by, rule, length)
        : []
  })
}

function capOf(items: Items, by: ActiveRule, rule: Of<'cap'>, length: number): Window {
  const end = Math.min(rule.within, length)
  const counts = new Map<string, number>()
  const known: string[][] = []
  /** The values of an item that count. */
  const valuesOf = (i: number) => (known[i] ??= by.test(items, i) ? textsOf(items.valueAt(i, rule.by)) : [])
  return {
    by,
    end,
    blocks: (i) => valuesOf(i).some((value) => (counts.get(value) ?? 0) >= rule.most),
    count(i, position) {
      if (position < end) for (const value of valuesOf(i)) counts.set(value, (counts.get(value) ?? 0) + 1)
    },
    missed: () => [...counts.values()].reduce((sum, count) => sum + Math.max(0, count - rule.most), 0),
  }
}

function shareOf(items: Items, by: ActiveRule, rule: Of<'share'>, length: number): Window {
  const end = Math.min(rule.within, length)
  let free = end
  // What floating point adds to .3 * 10 is no item.
  let missing = Math.ceil(rule.least * end - 1e-9)
  return {
    by,
    end,
    urgent: () => missing > 0 && missing >= free,
    count(i, position) {
      if (position >= end) return
      free--
      if (by.test(items, i)) missing--
    },
    missed: () => Math.max(0, missing),
  }
}

type Of<Kind> = Extract<Rule, { kind: Kind }>

function textsOf(value: AttributeValue | undefined): string[] {
  return value === undefined || value === '' ? [] : [value].flat().map(String)
}
