/**
 * Steps that have the last word, whatever the scores say. `active.ts` says what each rule is against, `place.ts` brings the
 * items to their places, and `broken.ts` reads the finished list and reports each rule that does not hold in it.
 *
 * Items that the request names are only moved, unless a rule says `remove`. Items that the engine chose are left out, and
 * others take their places.
 */
import type { RuleEffect } from '../../protocol.js'
import {
  type Candidates,
  candidates,
  concat,
  keyOf,
  type RankContext,
  type Step,
  take,
} from '../../rank/candidates.js'
import { type ActiveRule, activeRules, GONE, OUT, UNWANTED } from './active.js'
import { brokenBy } from './broken.js'
import type { Items } from './condition.js'
import { itemsOf } from './items.js'
import { type Note, place } from './place.js'

/**
 * Step, where the engine chose the candidates: drops those that rules are against, down to `depth` that are left. If none
 * were left, all stay.
 */
export const permitted: Step = (list, context) => {
  const active = activeRules(context.settings.rules)
  const items = itemsOf(list, context)
  const places: number[] = []
  for (let i = 0; i < list.rows.length && places.length < context.depth; i++) {
    if (judge(active, items, list, context, i) < GONE) places.push(i)
  }
  return places.length > 0 ? take(list, Uint32Array.from(places)) : list
}

/** Step: all rules. Where the engine chose the candidates, pinned items join them, and the list is cut to `limit`. */
export const rules: Step = (given, context) => {
  const active = activeRules(context.settings.rules)
  const chosen = given.index[0]! < 0
  const list = chosen ? withPinned(given, context, active) : given
  const items = itemsOf(list, context)
  const effects = new Map<number, RuleEffect[]>()
  const note: Note = (i, { name, rule: { kind } }, effect) => {
    const key = keyOf(list, i)
    const of = effects.get(key) ?? []
    if (!of.some((one) => one.name === name)) effects.set(key, [...of, { name, kind, effect }])
  }
  let levels = Uint8Array.from(list.rows, (_, i) => judge(active, items, list, context, i, note))
  // Never to empty: what would all be left out is only sent down.
  if (levels.every((level) => level >= GONE)) levels = levels.map((level) => level - GONE)
  const places = place(list, items, active, levels, context, chosen, note)
  const ordered = take(list, Uint32Array.from(places))
  return { ...ordered, rules: { effects, broken: brokenBy(active, items, places, levels, list) } }
}

/** What rules do to the i-th candidate by itself, in whichever list it stands. Caps and shares depend on the others there. */
export function effectsAlone(list: Candidates, context: RankContext, i: number): RuleEffect[] {
  const items = itemsOf(list, context)
  return activeRules(context.settings.rules).flatMap(({ name, level, rule, test }): RuleEffect[] => {
    const { kind } = rule
    if (kind === 'cap' || kind === 'share' || !test(items, i)) return []
    const effect =
      kind === 'pin' ? 'pinned' : level > 0 || (kind === 'boost' && rule.factor < 1) ? 'down' : 'up'
    return [{ name, kind, effect }]
  })
}

/** The level of a candidate, see `active.ts`. */
function judge(
  active: readonly ActiveRule[],
  items: Items,
  { index }: Candidates,
  { unwanted, fixed }: RankContext,
  i: number,
  note?: Note,
): number {
  let level = unwanted.size > 0 && unwanted.has(items.idAt(i)) ? UNWANTED : 0
  for (const one of active) {
    if (one.level === 0 || !one.test(items, i)) continue
    const leaves = index[i]! < 0 ? one.level >= OUT : 'remove' in one.rule && !fixed.has(index[i]!)
    level |= one.level | (leaves ? GONE : 0)
    note?.(i, one, 'down')
  }
  return level
}

/** Items that are pinned by their ids are candidates, whether anything else speaks for them or not. */
function withPinned(list: Candidates, { model, excluded }: RankContext, active: readonly ActiveRule[]) {
  const there = new Set([...excluded, ...list.rows, -1])
  const rows = active
    .flatMap(({ rule }) => (rule.kind === 'pin' && 'ids' in rule.where ? rule.where.ids : []))
    .map((id) => model.catalog.rowOf(id))
    .filter((row) => !there.has(row) && there.add(row))
  return rows.length > 0 ? concat(list, candidates(rows, 'rule')) : list
}
