/**
 * Checks rules, which come as data from a page or a file, field by field. What passes has only known fields, bounded sizes and
 * a name. Every refusal says which rule, which field, and what is expected there.
 */
import type { Exploration, RankingSettings, Rule, Scalar } from '../../protocol.js'
import { SOURCES } from '../candidates.js'
import { measure } from './condition.js'

/** How many rules may hold for one list. */
export const MOST_RULES = 100
/** Conditions in one rule, and how deep they may be inside each other. */
const MOST_CONDITIONS = 200
const DEEPEST = 8
const MOST_IDS = 10_000

/** Returns the value if it is good. `at` is where it stands, for the message. */
type Check = (value: unknown, at: string) => unknown
/** By field. The name of a field that may be absent ends in `?`. */
type Fields = Readonly<Record<string, Check>>

const number = (least: number, most: number): Check =>
  check(`a number from ${least} to ${most}`, (value) => isNumber(value, least, most))
const whole = (least: number, most: number): Check =>
  check(
    `a whole number from ${least} to ${most}`,
    (value) => isNumber(value, least, most) && Number.isInteger(value),
  )
const text = check('a text of 1 to 512 characters', (value) => isText(value) && value !== '')
const scalar = check(
  'a text, a number, true or false',
  (value) => isText(value) || Number.isFinite(value) || typeof value === 'boolean',
)
const bound = check(
  'a number, or a date such as 2026-01-31',
  (value) => (isText(value) || Number.isFinite(value)) && Number.isFinite(measure(value as Scalar)),
)
const truth = check('true or false', (value) => typeof value === 'boolean')
const yes = check('true, or absent', (value) => value === true)
const days = number(0, 36_500)

const WHERE = { where: condition }
const REMOVE = { 'remove?': yes }

const KINDS: Readonly<Record<Rule['kind'], Fields>> = {
  available: { 'off?': yes, ...REMOVE },
  hide: { what: oneOf(['seen', 'bought']), 'days?': days, 'where?': condition, ...REMOVE },
  include: { ...WHERE, ...REMOVE },
  exclude: { ...WHERE, ...REMOVE },
  bury: WHERE,
  boost: { ...WHERE, factor: number(0.01, 1000) },
  pin: { ...WHERE, position: whole(0, 9999) },
  cap: { by: text, most: whole(1, 9999), within: whole(1, 9999), 'where?': condition, ...REMOVE },
  share: { ...WHERE, least: number(0, 1), within: whole(1, 9999) },
}

/** Each kind of condition, by the field that tells it. */
const CONDITIONS: Readonly<Record<string, Fields>> = {
  all: { all: list(condition, 1, MOST_CONDITIONS) },
  any: { any: list(condition, 1, MOST_CONDITIONS) },
  not: { not: condition },
  ids: { ids: list(text, 1, MOST_IDS) },
  source: { source: oneOrMore(oneOf(SOURCES)) },
  attribute: {
    attribute: text,
    'is?': oneOrMore(scalar),
    'under?': oneOrMore(text),
    'above?': bound,
    'below?': bound,
    'atLeast?': bound,
    'atMost?': bound,
    'lastDays?': days,
    'known?': truth,
  },
}

const VARIETY: Fields = {
  'strength?': number(0, 1),
  'method?': oneOf(['mmr', 'dpp']),
  'attributes?': list(text, 0, 4),
  'calibrate?': number(0, 1),
}

const EXPLORE: Fields = {
  positions: whole(1, 5),
  'from?': whole(2, 50),
  'least?': number(1e-4, 0.5),
  'floor?': (value, at) => fielded(value, at, { positions: whole(1, 5), ...WHERE }),
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
  const { kind, name } = record(value, '')
  if (typeof name === 'string') rule += ` ("${name.slice(0, 40)}")`
  oneOf(Object.keys(KINDS))(kind, 'kind')
  const fields = { kind: text, 'name?': text, ...KINDS[kind as Rule['kind']] }
  return { name: `${kind} (${place})`, ...(fielded(value, '', fields) as Rule) }
}

/**
 * @param place where the setting comes from, for messages: `create`
 * @throws {Error} that names the place, the field, and what is expected
 */
export function parseVariety(value: unknown, place: string): RankingSettings['variety'] {
  begin(place)
  if (typeof value === 'boolean') return value
  const checked =
    typeof value === 'number' ? number(0, 1)(value, 'variety') : fielded(value, 'variety', VARIETY)
  return checked as RankingSettings['variety']
}

/** The same for exploration. */
export function parseExplore(value: unknown, place: string): RankingSettings['explore'] {
  begin(place)
  return value === false ? value : (fielded(value, 'explore', EXPLORE) as unknown as Exploration)
}

function begin(place: string): void {
  rule = place
  conditions = depth = 0
}

function condition(value: unknown, at: string): unknown {
  if (++conditions > MOST_CONDITIONS) refuse(at, `is one of more than ${MOST_CONDITIONS} conditions`)
  if (depth >= DEEPEST) refuse(at, `is more than ${DEEPEST} levels deep`)
  const given = record(value, at)
  const kinds = Object.keys(CONDITIONS)
  const kind = kinds.find((kind) => kind in given)
  if (!kind) refuse(at, `needs one of the fields ${kinds.join(', ')}`)
  depth++
  const checked = fielded(value, at, CONDITIONS[kind]!)
  depth--
  return checked
}

/** A copy of the object with the fields that are known. */
function fielded(value: unknown, at: string, fields: Fields): Record<string, unknown> {
  const given = record(value, at)
  const copy: Record<string, unknown> = {}
  const known = Object.keys(fields).map((field) => field.replace('?', ''))
  for (const field of Object.keys(given)) {
    if (!known.includes(field))
      refuse(at, `has a field "${field.slice(0, 40)}", expected only ${known.join(', ')}`)
  }
  for (const [field, check] of Object.entries(fields)) {
    const name = field.replace('?', '')
    if (given[name] !== undefined || name === field)
      copy[name] = check(given[name], at ? `${at}.${name}` : name)
  }
  return copy
}

/** The object's own fields, without a prototype that could add some. */
function record(value: unknown, at: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) wrong(value, at, 'an object')
  return Object.assign(Object.create(null), value)
}

function list(inner: Check, least: number, most: number): Check {
  return (value, at) => {
    if (!Array.isArray(value) || value.length < least || value.length > most)
      wrong(value, at, `a list of ${least} to ${most} entries`)
    return value.map((one, n) => inner(one, `${at}[${n}]`))
  }
}

function oneOrMore(inner: Check): Check {
  const several = list(inner, 1, MOST_IDS)
  return (value, at) => (Array.isArray(value) ? several : inner)(value, at)
}

function oneOf(names: readonly string[]): Check {
  return check(`one of ${names.join(', ')}`, (value) => names.includes(value as string))
}

function check(expected: string, good: (value: unknown) => boolean): Check {
  return (value, at) => (good(value) ? value : wrong(value, at, expected))
}

function isNumber(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && value >= least && value <= most
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
