import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fill, readmeBlocks, resultsPage } from './report.js'
import type { Results } from './results.js'

const read = (path: string) => readFileSync(join(import.meta.dirname, path), 'utf8')
const results: Results = JSON.parse(read('RESULTS.json'))

describe('published figures', () => {
  test('RESULTS.md is what RESULTS.json says', () => {
    expect(read('RESULTS.md')).toBe(resultsPage(results))
  })

  test("the README's figures are what RESULTS.json says", () => {
    const readme = read('../README.md')
    expect(readme).toBe(fill(readme, readmeBlocks(results)))
  })

  test('a README without a block for them is refused', () => {
    expect(() => fill('<!-- figures:sizes -->', { sizes: '1 KB' })).toThrow(
      'no block from "<!-- figures:sizes -->" to "<!-- /figures:sizes -->"',
    )
  })
})
