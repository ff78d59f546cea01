import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fillSection } from '../pages/section.js'
import { readmeBlocks, resultsPage } from './report.js'
import type { Results } from './results.js'

const read = (path: string) => readFileSync(join(import.meta.dirname, '../..', path), 'utf8')
const results: Results = JSON.parse(read('bench/results/RESULTS.json'))

describe('published figures', () => {
  test('RESULTS.md is what RESULTS.json says', () => {
    expect(read('bench/results/RESULTS.md')).toBe(resultsPage(results))
  })

  test.each(Object.entries(readmeBlocks(results)))(
    "the README's %s are what RESULTS.json says",
    (name, text) => {
      const readme = read('README.md')
      expect(readme).toBe(fillSection(readme, name, text))
    },
  )
})
