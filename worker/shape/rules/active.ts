/** Rules as functions. What a rule needs of its data is worked out once, however many lists it holds for. */
import type { Rule } from '../../protocol.js'
import { DAY, type Items, measure, type Test, testOf } from './condition.js'

/**
 * How far down a rule sends the items that it is against: one bit for each kind, so the sum of several decides by the
 * strongest first. Items that the visitor does not want stand between those that are not available and those that the
 * shop excludes.
 */
const LEVELS: Readonly<Partial<Record<Rule['kind'], number>>> = {
  bury: 1,
  hide: 2,
  available: 4,
  include: 16,
  exclude: 16,
}
export const UNWANTED = 8
/** Added to the level of an item that is left out of the list. */
export const GONE = 128
/** From this level on, an item is one that the list should not have. Pins, caps and shares never bring it up. */
export const OUT = 2

export interface ActiveRule {
  name: string
  rule: Rule
  /** Where an item goes that the rule is against; 0 for a rule that is against none. */
  level: number
  /** Whether the rule is against an item or, where it is against none, whether it concerns the item. */
  test: Test
}

/** By rule: the same object is never read twice. */
const known = new WeakMap<Rule, ActiveRule>()

/** @param rules that `engine/settings.ts` has put together */
export function activeRules(rules: readonly Rule[] = []): ActiveRule[] {
  return rules.map((rule) => {
    let active = known.get(rule)
    if (!active) {
      active = { name: rule.name ?? rule.kind, rule, level: LEVELS[rule.kind] ?? 0, test: concerns(rule) }
      known.set(rule, active)
    }
    return active
  })
}

function concerns(rule: Rule): Test {
  if (rule.kind === 'available') return unavailable
  const test = rule.where ? testOf(rule.where) : () => true
  if (rule.kind === 'include') return (items, i) => !test(items, i)
  if (rule.kind === 'hide') {
    const { what, days } = rule
    return (items, i) => doneLately(items, i, what, days) && test(items, i)
  }
  return test
}

const unavailable: Test = (items, i) => String(items.valueAt(i, 'available')) === 'false'

function doneLately(items: Items, i: number, what: 'seen' | 'bought', days: number | undefined): boolean {
  const time = items.last[what].get(items.idAt(i))
  if (time === undefined) return false
  const cycle = what === 'bought' ? measure(items.valueAt(i, 'repurchase') ?? '') : Number.NaN
  // Nothing is as late as NaN days, so without a number of days the item stays hidden.
  return !(items.now - time >= (days ?? cycle) * DAY)
}
