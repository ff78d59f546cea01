import { expect, test } from 'vitest'
import { CATEGORIES, categoryOf } from './categories.js'
import { readItems } from './data.js'

test('the head noun decides, not what is printed on the thing', () => {
  expect(categoryOf('Doormat hearts')).toBe('home')
  expect(categoryOf('Jumbo bag vintage doily')).toBe('bags')
  expect(categoryOf('Zinc t-light holder with hearts')).toBe('lights')
  expect(categoryOf('Set of 3 Regency cake tins')).toBe('tea-baking')
})

test('a motif without a thing decides', () => {
  expect(categoryOf('Heart of wicker small')).toBe('ornaments')
})

test('a holiday takes every product that names it', () => {
  expect(categoryOf('Jumbo bag vintage Christmas')).toBe('seasons')
})

test('every product has a category, and every category has enough products', () => {
  const sizes = new Map(CATEGORIES.map(({ slug }) => [slug, 0]))
  for (const { title } of readItems()) sizes.set(categoryOf(title), sizes.get(categoryOf(title))! + 1)
  const { else: rest, ...shelves } = Object.fromEntries(sizes)
  expect(rest).toBeLessThan(60)
  expect(Math.min(...Object.values(shelves))).toBeGreaterThan(50)
})
