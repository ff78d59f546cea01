import { expect, test } from 'vitest'
import { CATEGORIES, categoryOf } from './categories.js'
import { readItems } from './data.js'

test('the head noun decides, not what is printed on the thing', () => {
  expect(categoryOf('Doormat hearts')).toBe('home')
  expect(categoryOf('Jumbo bag vintage doily')).toBe('bags')
  expect(categoryOf('Zinc t-light holder with hearts')).toBe('lights')
  expect(categoryOf('Set of 3 Regency cake tins')).toBe('tea-baking')
})

test('a motif alone is the thing', () => {
  expect(categoryOf('Heart of wicker small')).toBe('ornaments')
})

test('a feast takes everything that names it', () => {
  expect(categoryOf('Jumbo bag vintage Christmas')).toBe('seasons')
})

test('every product of the shop finds a shelf, and every shelf is worth a visit', () => {
  const sizes = new Map(CATEGORIES.map(({ slug }) => [slug, 0]))
  for (const { title } of readItems()) sizes.set(categoryOf(title), sizes.get(categoryOf(title))! + 1)
  const { else: rest, ...shelves } = Object.fromEntries(sizes)
  expect(rest).toBeLessThan(60)
  expect(Math.min(...Object.values(shelves))).toBeGreaterThan(50)
})
