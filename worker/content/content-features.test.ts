import { expect, test } from 'vitest'
import { featuresOf } from './content-features.js'

test('features are title words, category levels, the brand, word attributes, and attributes that the shop names', () => {
  const attributes = new Map([
    ['colour', ['Red', undefined]],
    ['size', ['38', '40']],
    ['sold', ['17', '18']],
    ['launched', ['2024-01-31', '2024-02-01']],
  ])
  const catalogue = {
    title: ['Tall mug, tall', undefined],
    category: ['Home > Mugs', 'home'],
    brand: ['Acme', undefined],
    attributes,
  }
  expect(featuresOf(catalogue, 2, ['size'])).toEqual([
    [
      'title tall',
      'title mug',
      'category home',
      'category home/mugs',
      'brand acme',
      'colour = red',
      'size = 38',
    ],
    ['category home', 'size = 40'],
  ])
})

test('a price is compared with the prices of its category', () => {
  const n = 160
  // Mugs cost 1 to 80, sofas 1001 to 1080. Two lamps are too few for price buckets of their own.
  const shelf = (i: number) => (i < 80 ? 'mugs' : i < n ? 'sofas' : 'lamps')
  const category = Array.from({ length: n + 2 }, (_, i) => shelf(i))
  const price = Float64Array.from([
    ...Array.from({ length: n }, (_, i) => 1 + (i % 80) + (i < 80 ? 0 : 1000)),
    5,
    Number.NaN,
  ])
  const features = featuresOf({ category, price, attributes: new Map() }, n + 2, [])
  const bucket = (row: number) => features[row]!.find((name) => name.startsWith('price'))
  expect(bucket(0)).toBe('price in mugs 0')
  expect(bucket(79)).toBe('price in mugs 7')
  expect(bucket(80)).toBe('price in sofas 0')
  expect(bucket(n)).toBe('price of any 0')
  expect(bucket(n + 1)).toBeUndefined()
  expect(new Set(features.slice(0, 80).map((_, row) => bucket(row))).size).toBe(8)
})

test('equal prices share a bucket', () => {
  const price = new Float64Array(100).fill(9.99)
  const features = featuresOf({ price, attributes: new Map() }, 100, [])
  expect(new Set(features.flat())).toEqual(new Set(['price of all 0']))
})
