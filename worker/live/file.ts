/**
 * `live.json`: what changes faster than a pack, such as stock, prices and new items. It comes from outside, so every field is
 * checked. docs/pack.md, "The live file", describes it.
 */
import type { AttributeValue } from '../protocol.js'

/** A larger file is refused. */
export const MAX_LIVE_BYTES = 512 * 1024
export const LIVE_VERSION = 1
/** How many new items one file may bring. */
export const MOST_ITEMS = 2000
const LONGEST_ID = 512
const LONGEST_TEXT = 2000
const MOST_FIELDS = 80
/** The highest price, and the highest weight. */
const HIGHEST = 1e12

/** A new item: `id`, and what the shop says about it, under the names of a catalogue. */
export interface LiveItem {
  readonly id: string
  readonly [name: string]: AttributeValue | undefined
}

export interface LiveFile {
  /** The sequence of the pack that it belongs to. */
  pack: number
  /** When it was written, Unix milliseconds. */
  created: number
  /** Ids of items that are out of stock, and of those that are there again. */
  out: readonly string[]
  back: readonly string[]
  prices: ReadonlyMap<string, number>
  /** An item at place n of a list comes to about n / factor. */
  boosts: ReadonlyMap<string, number>
  /** Items that the pack does not have. */
  items: readonly LiveItem[]
  /** Weights of what is sought after now. */
  trending: ReadonlyMap<string, number>
}

/** @throws {Error} that names the field and what is expected there */
export function parseLive(bytes: Uint8Array): LiveFile {
  if (bytes.length > MAX_LIVE_BYTES) refuse(`more than ${MAX_LIVE_BYTES} bytes`)
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    refuse('not JSON')
  }
  if (!isRecord(json)) refuse('expected an object')
  if (json.version !== LIVE_VERSION) refuse(`version: expected ${LIVE_VERSION}`)
  const { pack } = json
  if (!Number.isSafeInteger(pack)) refuse('pack: expected a sequence')
  const created = typeof json.created === 'string' ? Date.parse(json.created) : Number.NaN
  if (!Number.isFinite(created)) refuse('created: expected an ISO time')
  return {
    pack: pack as number,
    created,
    out: idsIn(json, 'out'),
    back: idsIn(json, 'back'),
    prices: numbersIn(json, 'prices', 0, HIGHEST),
    boosts: numbersIn(json, 'boosts', 0.01, 1000),
    items: itemsIn(json),
    trending: numbersIn(json, 'trending', 0, HIGHEST),
  }
}

type Json = Readonly<Record<string, unknown>>

function idsIn(json: Json, field: string): string[] {
  return listIn(json, field).map((id, i) => (isId(id) ? id : refuse(`${field}[${i}]: expected an id`)))
}

function numbersIn(json: Json, field: string, least: number, most: number): Map<string, number> {
  const found = json[field] ?? {}
  if (!isRecord(found)) refuse(`${field}: expected numbers by id`)
  return new Map(
    Object.entries(found).map(([id, value]) => {
      return isId(id) && isBetween(value, least, most)
        ? [id, value]
        : refuse(`${field}: expected ids with numbers from ${least} to ${most}`)
    }),
  )
}

function itemsIn(json: Json): LiveItem[] {
  const items = listIn(json, 'items')
  if (items.length > MOST_ITEMS) refuse(`items: more than ${MOST_ITEMS}`)
  const known = new Set<string>()
  return items.map((item, i) => {
    const at = `items[${i}]`
    if (!isRecord(item) || !isId(item.id)) return refuse(`${at}: expected an object with an id`)
    if (known.has(item.id)) refuse(`${at}: its id is repeated`)
    known.add(item.id)
    const fields = Object.entries(item)
    if (fields.length > MOST_FIELDS) refuse(`${at}: more than ${MOST_FIELDS} fields`)
    for (const [name, value] of fields) {
      if (!isAttribute(value)) refuse(`${at}: ${name.slice(0, 40)} is no text, number or boolean`)
      if ((name === 'image' || name === 'url') && !isWebAddress(value))
        refuse(`${at}: ${name} is not http(s)`)
    }
    const { price } = item
    if (price !== undefined && !isBetween(price, 0, HIGHEST))
      refuse(`${at}: price is not a number from 0 to ${HIGHEST}`)
    for (const name of ['title', 'category', 'brand', 'added'])
      if (!/^(string|undefined)$/.test(typeof item[name])) refuse(`${at}: ${name} is not a text`)
    return item as LiveItem
  })
}

function listIn(json: Json, field: string): unknown[] {
  const list = json[field] ?? []
  return Array.isArray(list) ? list : refuse(`${field}: expected a list`)
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isBetween(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && value >= least && value <= most
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_ID
}

function isAttribute(value: unknown): boolean {
  if (Array.isArray(value)) return value.length <= MOST_FIELDS && value.every(isText)
  return isText(value) || typeof value === 'number' || typeof value === 'boolean'
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.length <= LONGEST_TEXT
}

function isWebAddress(value: unknown): boolean {
  try {
    return /^https?:$/.test(new URL(String(value), 'https://shop.invalid/').protocol)
  } catch {
    return false
  }
}

function refuse(what: string): never {
  throw new Error(what)
}
