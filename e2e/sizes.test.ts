import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { BUDGETS, brotli, budgetOf } from '../build/sizes.js'

const files = readdirSync('dist').filter((name) => name.endsWith('.js'))
const bytes = (count: number) => count.toLocaleString('en')

test('every file with a budget is built', () => {
  expect(files).toEqual(expect.arrayContaining(Object.keys(BUDGETS)))
})

test('what pages download stays within its budget', () => {
  const over = files.flatMap((file) => {
    const budget = budgetOf(file)
    const size = brotli(readFileSync(join('dist', file)))
    if (budget === null || size <= budget) return []
    return `${file} is ${bytes(size)} bytes at brotli-11, its budget is ${bytes(budget)}`
  })
  expect(over.join('\n')).toBe('')
})
