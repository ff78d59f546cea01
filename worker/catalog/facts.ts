/** What the shop's catalogue says about items, decoded one row at a time. Every field may be absent. */
import { PackError } from '../pack/errors.js'
import type { Pack } from '../pack/pack.js'
import type { ItemFacts } from '../protocol.js'
import { openStrings } from './strings.js'

type TextOf = (row: number) => string

/**
 * @returns what is known of a row, besides its id and popularity
 * @throws PackError
 */
export function openFacts(pack: Pack): (row: number) => Partial<ItemFacts> {
  const { items } = pack.manifest
  const texts: [field: 'title' | 'category' | 'brand' | 'image' | 'url', TextOf][] = []
  for (const field of ['title', 'category', 'brand', 'image', 'url'] as const) {
    const name = `facts.${field}`
    if (!pack.has(name)) continue
    if (field === 'category' || field === 'brand') texts.push([field, dictionary(pack, name)])
    else {
      const { at } = openStrings(pack, name, items)
      texts.push([field, field === 'title' ? at : (row) => webAddress(at(row))])
    }
  }
  const numbers = (name: string, dtype: 'f32' | 'u8') =>
    pack.has(name) ? pack.array(name, dtype, items) : []
  const prices = numbers('facts.price', 'f32')
  const availability = numbers('facts.available', 'u8')

  return (row) => {
    const facts: Partial<ItemFacts> = {}
    for (const [field, textOf] of texts) {
      const text = textOf(row)
      if (text) facts[field] = text
    }
    const price = prices[row]!
    // Seven digits are what 32 bits hold: 12.99, not 12.989999771118164.
    if (price >= 0 && price < Infinity) facts.price = Number(price.toPrecision(7))
    const available = availability[row]
    if (available) facts.available = available === 2
    return facts
  }
}

/** Texts stored as numbers of a list of names, counted from 1; 0 stands for no text. */
function dictionary(pack: Pack, name: string): TextOf {
  const codes = pack.array(name, ['u8', 'u16', 'u32'], pack.manifest.items)
  const names = openStrings(pack, `${name}.names`)
  return (row) => {
    const code = codes[row]!
    if (code > names.length) throw new PackError('malformed', `section ${name}: no name has number ${code}`)
    return code === 0 ? '' : names.at(code - 1)
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
