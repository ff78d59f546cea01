/**
 * What the catalogue says of an item, as features that items share: each level of its category, brand, price bucket, words
 * of its title, and further columns whose values are words, such as a colour. Columns of numbers may be counts or dates, and
 * are features only where the shop names them.
 */
import type { Catalogue } from '../../data/catalogue.js'

/** Prices are told apart within the top category where it has so many items, else among all others; in so many buckets. */
const LARGE = 50
const BUCKETS = 8

/**
 * Each item's features by name.
 * @param attributes further columns that are features, whatever their values are
 */
export function featuresOf(catalogue: Catalogue, items: number, attributes: readonly string[]): string[][] {
  const { title, category, brand } = catalogue
  const prices = priceBuckets(catalogue, items)
  const columns = [...catalogue.attributes].filter(
    ([name, values]) => attributes.includes(name) || areWords(values),
  )
  return Array.from({ length: items }, (_, row) => {
    const features = new Set<string>()
    for (const word of title?.[row]?.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])
      features.add(`title ${word}`)
    const path = pathOf(category?.[row])
    for (let depth = 1; depth <= path.length; depth++)
      features.add(`category ${path.slice(0, depth).join('/')}`)
    const make = brand?.[row]?.toLowerCase()
    if (make) features.add(`brand ${make}`)
    if (prices[row]) features.add(`price ${prices[row]}`)
    for (const [name, values] of columns) {
      const value = values[row]?.toLowerCase()
      if (value) features.add(`${name} = ${value}`)
    }
    return [...features]
  })
}

/** Whether most values begin with a letter. */
function areWords(values: readonly (string | undefined)[]): boolean {
  let words = 0
  let others = 0
  for (const value of values) {
    if (!value) continue
    if (/^\p{L}/u.test(value)) words++
    else others++
  }
  return words > others
}

/** Every level of a category path, e.g. "Home > Kitchen > Mugs" or "home/kitchen". */
function pathOf(category: string | undefined): string[] {
  return category?.toLowerCase().split(/\s*[>/|]\s*/) ?? []
}

/** Where each item's price lies among those of its like, in quantiles; equal prices lie together. */
function priceBuckets({ price, category }: Catalogue, items: number): (string | undefined)[] {
  const out = new Array<string | undefined>(items).fill(undefined)
  if (!price) return out
  const groups = new Map<string, number[]>()
  for (let row = 0; row < items; row++) {
    if (!(price[row]! >= 0)) continue
    const top = pathOf(category?.[row])[0] ?? ''
    const group = groups.get(top)
    if (group) group.push(row)
    else groups.set(top, [row])
  }
  const small: number[] = []
  const assign = (name: string, rows: number[]) => {
    rows.sort((a, b) => price[a]! - price[b]! || a - b)
    let bucket = 0
    rows.forEach((row, at) => {
      if (at === 0 || price[row] !== price[rows[at - 1]!]) bucket = Math.floor((at * BUCKETS) / rows.length)
      out[row] = `${name} ${bucket}`
    })
  }
  for (const [name, rows] of groups) {
    if (rows.length < LARGE) small.push(...rows)
    else assign(name === '' ? 'of all' : `in ${name}`, rows)
  }
  assign('of any', small)
  return out
}
