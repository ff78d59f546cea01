/** What the shop's catalogue says about items, decoded one field of one row at a time. Every field may be absent. */
import { PackError } from '../pack/errors.js'
import type { Pack } from '../pack/pack.js'
import type { AttributeValue } from '../protocol.js'
import { openStrings, type Strings } from './strings.js'

const DAY = 86_400_000

type TextOf = (row: number) => string

/** Texts that many rows share. Row i has the name of number codes[i], counted from 1; 0 stands for no text. */
interface Coded<Names> {
  codes: ArrayLike<number>
  names: Names
}

export type Dictionary = Coded<readonly string[]>

/** Reads one field of a row; undefined where the shop says nothing about it. */
export type FactReader = (row: number) => AttributeValue | undefined

/** How many columns of its own a catalogue may bring into a pack. */
export const MOST_COLUMNS = 64

/**
 * @returns the reader of each field that the pack has, in the files that are there
 * @throws PackError
 */
export function openFacts(pack: Pack): Map<string, FactReader> {
  const { items } = pack.manifest
  const readers = new Map<string, FactReader>()
  for (const field of ['title', 'category', 'brand', 'image', 'url']) {
    const name = `facts.${field}`
    if (!pack.has(name)) continue
    const textOf =
      field === 'category' || field === 'brand' ? dictionary(pack, name) : openStrings(pack, name, items).at
    const isAddress = field === 'image' || field === 'url'
    readers.set(field, (row) => (isAddress ? webAddress(textOf(row)) : textOf(row)) || undefined)
  }
  if (pack.has('facts.price')) {
    const prices = pack.array('facts.price', 'f32', items)
    readers.set('price', (row) => {
      const price = prices[row]!
      // Seven digits are what 32 bits hold: 12.99, not 12.989999771118164.
      return price >= 0 && price < Infinity ? Number(price.toPrecision(7)) : undefined
    })
  }
  if (pack.has('facts.available')) {
    const availability = pack.array('facts.available', 'u8', items)
    readers.set('available', (row) => (availability[row] ? availability[row] === 2 : undefined))
  }
  if (pack.has('facts.added')) {
    const days = pack.array('facts.added', 'u16', items)
    readers.set('added', (row) =>
      days[row] ? new Date(days[row] * DAY).toISOString().slice(0, 10) : undefined,
    )
  }
  if (pack.has('facts.repurchase')) {
    const days = pack.array('facts.repurchase', 'u16', items)
    readers.set('repurchase', (row) => days[row] || undefined)
  }
  if (pack.has('facts.attributes')) {
    const names = openStrings(pack, 'facts.attributes')
    for (let column = 0; column < Math.min(names.length, MOST_COLUMNS); column++) {
      const textOf = dictionary(pack, `facts.attributes.${column}`)
      const name = names.at(column)
      if (!readers.has(name)) readers.set(name, (row) => textOf(row) || undefined)
    }
  }
  return readers
}

/**
 * A field with all its names read. Codes without a name are found when they are looked up.
 * @throws PackError
 */
export function readDictionary(pack: Pack, field: string): Dictionary {
  const { codes, names } = openDictionary(pack, `facts.${field}`)
  return { codes, names: Array.from({ length: names.length }, (_, i) => names.at(i)) }
}

function openDictionary(pack: Pack, name: string): Coded<Strings> {
  return {
    codes: pack.array(name, ['u8', 'u16', 'u32'], pack.manifest.items),
    names: openStrings(pack, `${name}.names`),
  }
}

function dictionary(pack: Pack, name: string): TextOf {
  const { codes, names } = openDictionary(pack, name)
  /** By code: the names that were asked for. Rules ask about many items with the same few names. */
  const texts = ['']
  return (row) => {
    const code = codes[row]!
    if (code > names.length) throw new PackError('malformed', `section ${name}: no name has number ${code}`)
    texts[code] ??= names.at(code - 1)
    return texts[code]
  }
}

/** The address if it is relative or http(s), else ''. The URL parser decides, as it does when a link is followed. */
function webAddress(address: string): string {
  try {
    return /^https?:$/.test(new URL(address, 'https://shop.invalid/').protocol) ? address : ''
  } catch {
    return ''
  }
}
