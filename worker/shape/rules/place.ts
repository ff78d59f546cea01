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
  const queue = kept.filter((i) => !held.has(i))
  const gone = new Set<number>()
  let head = 0

  /** The next of the queue for a position, as the windows want it. */
  function next(position: number): number | undefined {
    while (gone.has(queue[head]!)) head++
    const first = queue[head]
    const open = windows.filter(({ end }) => position < end)
    if (first === undefined || open.length === 0) return first
    const caps = open.filter(({ blocks }) => blocks)
    const shares = open.filter(({ urgent }) => urgent?.())
    let second: number | undefined
    const blocked: number[] = []
    for (let q = head; q < queue.length; q++) {
      const i = queue[q]!
      if (gone.has(i)) continue
      if (group(level[i]!) !== group(level[first]!)) break
      const full = caps.find((cap) => cap.blocks!(i))
      if (full) {
        note(i, full.by, 'down')
        if ('remove' in full.by.rule) gone.add(i)
        else blocked.push(i)
      } else if (shares.every(({ by }) => by.test(items, i))) {
        if (second !== undefined) for (const { by } of shares) note(i, by, 'up')
        return i
      } else second ??= i
    }
    if (second !== undefined) return second
    if (!chosen && blocked.length > 0) return blocked[0]
    for (const i of blocked) gone.add(i)
    return next(position)
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
