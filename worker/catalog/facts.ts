/** What the shop's catalogue says about items, decoded one row at a time. All of it may be absent. */
import { PackError } from '../pack/errors.js'
import type { Pack } from '../pack/pack.js'
import type { ItemFacts } from '../protocol.js'
import { Strings } from './strings.js'

type TextOf = (row: number) => string

export class Facts {
  readonly #texts: [field: 'title' | 'category' | 'brand' | 'image' | 'url', TextOf][] = []
  readonly #prices: Float32Array | undefined
  readonly #available: Uint8Array | undefined

  /** @throws PackError */
  constructor(pack: Pack) {
    const { items } = pack.manifest
    for (const field of ['title', 'image', 'url'] as const) {
      const name = `facts.${field}`
      if (!pack.has(name)) continue
      const strings = new Strings(pack, name, items)
      this.#texts.push([
        field,
        field === 'title' ? (row) => strings.at(row) : (row) => webAddress(strings.at(row)),
      ])
    }
    for (const field of ['category', 'brand'] as const) {
      if (pack.has(`facts.${field}`)) this.#texts.push([field, dictionary(pack, `facts.${field}`)])
    }
    if (pack.has('facts.price')) this.#prices = pack.array('facts.price', 'f32', items)
    if (pack.has('facts.available')) this.#available = pack.array('facts.available', 'u8', items)
  }

  /** Adds to `facts` what is known of the row. */
  read(row: number, facts: ItemFacts): ItemFacts {
    for (const [field, textOf] of this.#texts) {
      const text = textOf(row)
      if (text !== '') facts[field] = text
    }
    const price = this.#prices?.[row]
    // Seven digits are what 32 bits hold: 12.99, not 12.989999771118164.
    if (price !== undefined && price >= 0 && price < Infinity) facts.price = Number(price.toPrecision(7))
    const available = this.#available?.[row]
    if (available) facts.available = available === 2
    return facts
  }
}

/** Codes into a list of names; 0 stands for none. */
function dictionary(pack: Pack, name: string): TextOf {
  const codes = pack.array(name, ['u8', 'u16', 'u32'], pack.manifest.items)
  const names = new Strings(pack, `${name}.names`)
  return (row) => {
    const code = codes[row]!
    if (code > names.length) throw new PackError('malformed', `section ${name}: no name has number ${code}`)
    return code === 0 ? '' : names.at(code - 1)
  }
}

/** The address itself if it is relative or http(s), else ''. The URL parser judges, as it will when it is followed. */
function webAddress(address: string): string {
  try {
    return /^https?:$/.test(new URL(address, 'https://shop.invalid/').protocol) ? address : ''
  } catch {
    return ''
  }
}
