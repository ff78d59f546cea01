import { expect, test } from 'vitest'
import { section } from './section.js'

const trial = { name: 'gru', seed: 1, recall20: 0.5, mrr20: 0.2, cpuSeconds: 10 }

test('a cell is the mean of its seeds, and empty where nothing was measured', () => {
  const known = {
    'shop, k = 1': { asked: 1200, trials: [trial, { ...trial, seed: 2, recall20: 0.6 }] },
    'other, k = 3': { asked: 900, trials: [{ ...trial, name: 'mixed' }] },
  }
  const text = section(known, ['mixed', 'gru', 'transformer'])
  expect(text).not.toContain('transformer')
  expect(text).toContain('shop, k = 1 (1,200 asked)')
  const cells = (name: string) =>
    text
      .split('\n')
      .find((line) => line.startsWith(`| ${name}`))!
      .split('|')
      .map((cell) => cell.trim())
  expect(cells('gru')).toEqual(['', 'gru', '.5500 / .2000 (2 seeds, 10 s)', '', ''])
  expect(cells('mixed')).toEqual(['', 'mixed', '', '.5000 / .2000 (10 s)', ''])
})
