/**
 * Checks rules, which come as data from a page or a file, field by field. What passes has only known fields, bounded sizes and
 * a name. Every refusal says which rule, which field, and what is expected there.
 */
import type { Rule, Scalar } from '../../protocol.js'
import { SOURCES } from '../../rank/candidates.js'
import { measure } from './condition.js'

/** How many rules may hold for one list. */
export const MOST_RULES = 100
/** Conditions in one rule, and how deep they may be inside each other. */
const MOST_CONDITIONS = 200
const DEEPEST = 8
const MOST_ENTRIES = 10_000

/**
 * The fields of each kind of rule and of each kind of condition: `name:type`. With `?` the field may be absent, with `+` it
 * may be one value or a list, with `*` it is a list. Conditions are told apart by their first fields.
 */
const RULES: Readonly<Record<Rule['kind'], string>> = {
  available: 'off?:yes remove?:yes',
  hide: 'what:done days?:days where?:where remove?:yes',
  include: 'where:where remove?:yes',
  exclude: 'where:where remove?:yes',
  bury: 'where:where',
  boost: 'where:where factor:factor',
  pin: 'where:where position:position',
  cap: 'by:text most:count within:count where?:where remove?:yes',
  share: 'where:where least:share within:count',
}
const CONDITIONS: Readonly<Record<string, string>> = {
  all: 'all:where*',
  any: 'any:where*',
  not: 'not:where',
  ids: 'ids:text*',
  source: 'source:source+',
  attribute:
    'attribute:text is?:scalar+ under?:text+ above?:bound below?:bound atLeast?:bound atMost?:bound lastDays?:days known?:truth',
}
const WISHES = {
  variety: 'strength?:share method?:method attributes?:text* calibrate?:share',
  explore: 'positions:drawn from?:pool least?:chance floor?:drawn where?:where',
}

/** What a value of each type is, in words and as a test. */
const TYPES: Readonly<Record<string, readonly [expected: string, test: (value: unknown) => boolean]>> = {
  kind: oneOf(Object.keys(RULES)),
  done: oneOf(['seen', 'bought']),
  source: oneOf(SOURCES),
  yes: ['true, or absent', (value) => value === true],
  truth: ['true or false', (value) => typeof value === 'boolean'],
  text: ['a text of 1 to 512 characters', (value) => isText(value) && value !== ''],
  scalar: [
    'a text, a number, true or false',
    (value) => isText(value) || Number.isFinite(value) || typeof value === 'boolean',
  ],
  bound: [
    'a number, or a date such as 2026-01-31',
    (value) => (isText(value) || Number.isFinite(value)) && Number.isFinite(measure(value as Scalar)),
  ],
  days: between(0, 36_500),
  factor: between(0.01, 1000),
  share: between(0, 1),
  count: whole(1, 9999),
  position: whole(0, 9999),
  method: oneOf(['mmr', 'dpp']),
  drawn: whole(1, 5),
  pool: whole(2, 50),
  chance: between(1e-4, 0.5),
}

/** The rule that is checked now, for messages: how many conditions it has so far, and how many the present one is in. */
let rule = ''
let conditions = 0
let depth = 0

/**
 * @param value one rule, as the page or the file gives it
 * @param place where the rule comes from, for messages and names: `create, rule 2`
 * @throws {Error} that names the rule, the field, and what is expected
 */
export function parseRule(value: unknown, place: string): Rule & { name: string } {
  begin(place)
  const { kind, name } = objectOf(value, '')
  if (typeof name === 'string') rule += ` ("${name.slice(0, 40)}")`
  checked(kind, 'kind', 'kind')
  const fields = fielded(value, '', `kind:kind name?:text ${RULES[kind as Rule['kind']]}`)
  return { name: `${kind} (${place})`, ...(fields as Rule) }
}

/**
 * Checks what settings say about variety or exploration.
 * @param place where the setting comes from, for messages: `create`
 * @throws {Error} that names the place, the field, and what is expected
 */
export function parseWish<T>(name: keyof typeof WISHES, value: T, place: string): T {
  begin(place)
  if (value === false || (name === 'variety' && value === true)) return value
  if (name === 'variety' && typeof value === 'number') return checked(value, name, 'share') as T
  return fielded(value, name, WISHES[name]) as T
}

function begin(place: string): void {
  rule = place
  conditions = depth = 0
}

function condition(value: unknown, at: string): unknown {
  if (++conditions > MOST_CONDITIONS) refuse(at, `is one of more than ${MOST_CONDITIONS} conditions`)
  if (++depth > DEEPEST) refuse(at, `is more than ${DEEPEST} levels deep`)
  const given = objectOf(value, at)
  const kinds = Object.keys(CONDITIONS)
  const kind = kinds.find((kind) => kind in given)
  if (!kind) refuse(at, `needs one of the fields ${kinds.join(', ')}`)
  const copy = fielded(value, at, CONDITIONS[kind]!)
  depth--
  return copy
}

/** A copy of the object with the fields that are known. */
function fielded(value: unknown, at: string, spec: string): Record<string, unknown> {
  const given = objectOf(value, at)
  const copy: Record<string, unknown> = {}
  const fields = [...spec.matchAll(/(\w+)(\??):(\w+)([+*]?)/g)]
  const known = fields.map(([, name]) => name!)
  const odd = Object.keys(given).find((name) => !known.includes(name))
  if (odd !== undefined) refuse(at, `has a field "${odd.slice(0, 40)}", expected only ${known.join(', ')}`)
  for (const [, name, optional, type, many] of fields as unknown as string[][]) {
    const field = given[name!]
    const inside = at ? `${at}.${name}` : name!
    if (field === undefined && optional) continue
    if (many === '*' || (many && Array.isArray(field))) {
      if (!Array.isArray(field) || field.length === 0 || field.length > MOST_ENTRIES)
        wrong(field, inside, `a list of 1 to ${MOST_ENTRIES} entries`)
      copy[name!] = field.map((one, n) => checked(one, `${inside}[${n}]`, type!))
    } else copy[name!] = checked(field, inside, type!)
  }
  return copy
}

function checked(value: unknown, at: string, type: string): unknown {
  if (type === 'where') return condition(value, at)
  const [expected, test] = TYPES[type]!
  return test(value) ? value : wrong(value, at, expected)
}

/** The object's own fields, without a prototype that could add some. */
function objectOf(value: unknown, at: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) wrong(value, at, 'an object')
  return Object.assign(Object.create(null), value)
}

function oneOf(names: readonly string[]): (typeof TYPES)[string] {
  return [`one of ${names.join(', ')}`, (value) => names.includes(value as string)]
}

function between(least: number, most: number): (typeof TYPES)[string] {
  return [
    `a number from ${least} to ${most}`,
    (value) => typeof value === 'number' && value >= least && value <= most,
  ]
}

function whole(least: number, most: number): (typeof TYPES)[string] {
  const [, test] = between(least, most)
  return [`a whole number from ${least} to ${most}`, (value) => Number.isInteger(value) && test(value)]
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 512
}

function wrong(value: unknown, at: string, expected: string): never {
  const shown =
    typeof value === 'string' ? JSON.stringify(value) : Object(value) === value ? 'an object or list' : value
  return refuse(at, `is ${shown === undefined ? 'absent' : String(shown).slice(0, 40)}, expected ${expected}`)
}

/** @param at the field, or '' for the rule as a whole */
function refuse(at: string, what: string): never {
  throw new Error(at ? `${rule}: ${at} ${what}` : `${rule} ${what}`)
}
