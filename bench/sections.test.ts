import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fillSection } from './pages/section.js'
import { qualityPage } from './quality/page.js'
import { SECTIONS } from './sections.js'

const read = (page: string) => readFileSync(`docs/${page}`, 'utf8')

test.each(SECTIONS)('$page: the section "$name" is what bench/results says', ({ page, name, text }) => {
  expect(read(page)).toBe(fillSection(read(page), name, text()))
})

test('quality.md is what bench/results says', () => {
  expect(read('quality.md')).toBe(qualityPage())
})
