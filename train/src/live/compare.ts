/** What a shop's feed says that a pack does not: the content of `live.json`. */
import type { Catalog } from '../../../worker/catalog/catalog.js'
import { LIVE_VERSION, MOST_ITEMS } from '../../../worker/live/file.js'
import type { AttributeValue } from '../../../worker/protocol.js'
import type { Catalogue } from '../data/catalogue.js'

/** The JSON of the file. */
export interface LiveJson {
  version: number
  pack: number
  created: string
  out?: string[]
  back?: string[]
  prices?: Record<string, number>
  boosts?: Record<string, number>
  items?: ({ id: string } & Record<string, AttributeValue | undefined>)[]
  trending?: Record<string, number>
}

export interface Feed {
  ids: readonly string[]
  catalogue: Catalogue
}

/** Prices in a pack have 32 bits. */
const SAME = 1e-6

/**
 * @param columns further columns that the pack has. Others stay out, because the file is public.
 * @param complete whether the feed has every item that is sold
 * @returns what differs, and how many new items are left out because there are too many
 */
export function compareFeed(
  catalog: Catalog,
  { ids, catalogue }: Feed,
  columns: readonly string[],
  complete: boolean,
): Pick<LiveJson, 'out' | 'back' | 'prices' | 'items'> & { leftOut: number } {
  const out: string[] = []
  const back: string[] = []
  const prices: [string, number][] = []
  const fresh: number[] = []
  const listed = new Uint8Array(catalog.size)
  ids.forEach((id, i) => {
    const row = catalog.rowOf(id)
    const available = catalogue.available?.[i]
    if (row < 0) {
      if (available !== false) fresh.push(i)
      return
    }
    listed[row] = 1
    const before = catalog.attribute(row, 'available')
    if (available === false && before !== false) out.push(id)
    if (available !== false && before === false && (available || complete)) back.push(id)
    const price = catalogue.price?.[i] ?? Number.NaN
    const old = catalog.attribute(row, 'price')
    if (price >= 0 && !(typeof old === 'number' && Math.abs(price - old) <= SAME * Math.max(price, old)))
      prices.push([id, price])
  })
  if (complete) {
    for (let row = 0; row < catalog.size; row++)
      if (!listed[row] && catalog.attribute(row, 'available') !== false) out.push(catalog.idOf(row))
  }
  // Where there are too many, the newest stay.
  const { added } = catalogue
  if (added) fresh.sort((a, b) => (added[b] || 0) - (added[a] || 0))
  return {
    out,
    back,
    prices: Object.fromEntries(prices),
    items: fresh.slice(0, MOST_ITEMS).map((i) => itemOf({ ids, catalogue }, i, columns)),
    leftOut: Math.max(0, fresh.length - MOST_ITEMS),
  }
}

function itemOf({ ids, catalogue }: Feed, i: number, columns: readonly string[]) {
  const { title, category, brand, image, url, price, added } = catalogue
  const seconds = added?.[i] ?? Number.NaN
  const fields: Record<string, AttributeValue | undefined> = {
    title: title?.[i],
    category: category?.[i],
    brand: brand?.[i],
    price: price && price[i]! >= 0 ? price[i] : undefined,
    image: image?.[i],
    url: url?.[i],
    added: seconds >= 0 ? new Date(seconds * 1000).toISOString().slice(0, 10) : undefined,
    ...Object.fromEntries(columns.map((name) => [name, catalogue.attributes.get(name)?.[i]])),
  }
  return {
    id: ids[i]!,
    ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)),
  }
}

/** Leaves out what is empty. */
export function liveJson(
  pack: number,
  created: string,
  { leftOut: _, ...fields }: Partial<LiveJson> & { leftOut?: number },
): LiveJson {
  const filled = Object.entries(fields).filter(
    ([, value]) => value !== undefined && Object.keys(value).length > 0,
  )
  return { version: LIVE_VERSION, pack, created, ...Object.fromEntries(filled) }
}
