/** Conditions on items: a function for each, made of plain data. No text is ever run as code. */
import type { Last } from '../../feedback/last.js'
import type { AttributeValue, Condition, Scalar } from '../../protocol.js'

/** The candidates of a list, as rules ask about them. */
export interface Items {
  /** Unix milliseconds. */
  readonly now: number
  readonly last: Last
  idAt(i: number): string
  sourceAt(i: number): string
  /** One attribute of the i-th candidate: as the page gives it, else the pack's. */
  valueAt(i: number, name: string): AttributeValue | undefined
}

/** Whether something is true of the i-th candidate. */
export type Test = (items: Items, i: number) => boolean

export const DAY = 86_400_000

/** @param condition that `parse.ts` has accepted */
export function testOf(condition: Condition): Test {
  if ('all' in condition) {
    const tests = condition.all.map(testOf)
    return (items, i) => tests.every((test) => test(items, i))
  }
  if ('any' in condition) {
    const tests = condition.any.map(testOf)
    return (items, i) => tests.some((test) => test(items, i))
  }
  if ('not' in condition) {
    const test = testOf(condition.not)
    return (items, i) => !test(items, i)
  }
  if ('ids' in condition) {
    const ids = new Set(condition.ids)
    return (items, i) => ids.has(items.idAt(i))
  }
  if ('source' in condition) {
    const sources = new Set<string>([condition.source].flat())
    return (items, i) => sources.has(items.sourceAt(i))
  }
  const { attribute, known } = condition
  const tests = valueTests(condition)
  return (items, i) => {
    const value = items.valueAt(i, attribute)
    if (value === undefined || value === '') return known === false
    if (known === false) return false
    return tests.every((test) =>
      typeof value === 'object' ? value.some((one) => test(one, items.now)) : test(value, items.now),
    )
  }
}

type ValueTest = (value: Scalar, now: number) => boolean

function valueTests(condition: Extract<Condition, { attribute: string }>): ValueTest[] {
  const { is, under, above, below, atLeast, atMost, lastDays } = condition
  const tests: ValueTest[] = []
  const compare = (bound: Scalar | undefined, holds: (value: number, bound: number) => boolean) => {
    if (bound === undefined) return
    const measured = measure(bound)
    // Comparing with NaN, which stands for neither a number nor a date, never holds.
    tests.push((value) => holds(measure(value), measured))
  }
  if (is !== undefined) {
    const allowed = new Set([is].flat().map(String))
    tests.push((value) => allowed.has(String(value)))
  }
  if (under !== undefined) {
    const paths = [under].flat()
    tests.push((value) => paths.some((path) => isUnder(String(value), path)))
  }
  compare(above, (value, bound) => value > bound)
  compare(below, (value, bound) => value < bound)
  compare(atLeast, (value, bound) => value >= bound)
  compare(atMost, (value, bound) => value <= bound)
  if (lastDays !== undefined) tests.push((value, now) => measure(value) >= now - lastDays * DAY)
  return tests
}

/** Levels of a path are separated as in the catalogue: `Home > Kitchen`, `home/kitchen` or `home|kitchen`. */
function isUnder(value: string, path: string): boolean {
  return value.startsWith(path) && /^(\s*[>/|]|$)/.test(value.slice(path.length))
}

/** A number, or a date in Unix milliseconds; NaN if the value is neither. */
export function measure(value: AttributeValue): number {
  if (typeof value !== 'string') return Number(value)
  return /^\d{4}-\d\d-\d\d/.test(value) ? Date.parse(value) : value.trim() === '' ? Number.NaN : Number(value)
}
