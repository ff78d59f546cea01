/**
 * Turns what the catalogue says about an item into features that items share: each level of its category, its brand,
 * its price bucket, the words of its title, and further columns whose values are words, such as a colour. Columns of
 * numbers may be counts or dates, so they are features only if the shop names them.
 */

/** What a catalogue says about its items. Entry i of each column is item i's; unknown values are undefined (NaN for prices). */
export interface Described {
  title?: readonly (string | undefined)[]
  category?: readonly (string | undefined)[]
  brand?: readonly (string | undefined)[]
  price?: Float64Array
  /** Other columns, by their names. */
  attributes: ReadonlyMap<string, readonly (string | undefined)[]>
}

/**
 * A top category with at least LARGE items has price buckets of its own. Items of all smaller categories share theirs.
 * There are BUCKETS buckets each.
 */
const LARGE = 50
const BUCKETS = 8

/**
 * The names of each item's features, without repeats.
 * @param items how many items there are
 * @param attributes further columns to use as features, no matter what their values are
 */
export function featuresOf(catalogue: Described, items: number, attributes: readonly string[]): string[][] {
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

/** The levels of a category path such as "Home > Kitchen > Mugs" or "home/kitchen". */
function pathOf(category: string | undefined): string[] {
  return category?.toLowerCase().split(/\s*[>/|]\s*/) ?? []
}

/** The quantile of each item's price among the items it is compared with. Equal prices share a bucket. */
function priceBuckets({ price, category }: Described, items: number): (string | undefined)[] {
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
