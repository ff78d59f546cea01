/** Reads what `demo/data/` ships: products in order of popularity, and baskets in order of time. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

export const DATA_FILES = ['demo/data/items.tsv.gz', 'demo/data/baskets.txt.gz']

export interface Item {
  /** `1` is the best seller. */
  id: string
  title: string
  /** Pounds sterling. */
  price: number
}

export interface Basket {
  /** Unix seconds. */
  time: number
  items: string[]
}

function lines(file: string): string[] {
  return gunzipSync(readFileSync(file)).toString().trimEnd().split('\n').slice(1)
}

export function readItems(): Item[] {
  return lines('demo/data/items.tsv.gz').map((line) => {
    const [id, title, price] = line.split('\t')
    return { id: id!, title: title!, price: Number(price) }
  })
}

export function readBaskets(): Basket[] {
  let minute = 0
  return lines('demo/data/baskets.txt.gz').map((line) => {
    const [gap, ...items] = line.split(' ')
    minute += Number(gap)
    return { time: minute * 60, items }
  })
}
