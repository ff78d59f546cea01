import { expect, test } from 'vitest'
import { categoryOf } from '../shop/categories.js'
import { readItems } from '../shop/data.js'
import { label } from './label.js'
import { read } from './words.js'

const of = (title: string, id = '1') => label(id, title, categoryOf(title))

test('a product always gets the same label, and another product another', () => {
  expect(of('Lunch bag black skull')).toBe(of('Lunch bag black skull'))
  expect(of('Lunch bag black skull')).not.toBe(of('Lunch bag pink polkadot'))
})

test('the label shows what the title names', () => {
  expect(read('Set of 3 red retrospot cake tins')).toMatchObject({ thing: 'tin', print: 'dots', count: 3 })
  expect(read('Rabbit night light')).toMatchObject({ thing: 'lamp', motif: 'rabbit', count: 1 })
  expect(read('Small white heart of wicker')).toMatchObject({ motif: 'heart', size: 'small' })
})

test('every label is complete and self-contained, and has no missing values', () => {
  for (const { id, title } of readItems()) {
    const svg = of(title, id)
    expect(svg).toMatch(/^<svg [^>]*viewBox="0 0 200 240">.*<\/svg>$/)
    expect(svg).not.toMatch(/undefined|NaN|\{[abck]\}|\{print\}|href|style=/)
  }
})
