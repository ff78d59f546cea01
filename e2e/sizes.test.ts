import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { BUDGETS, brotli, budgetOf } from '../build/sizes.js'

const built = readdirSync('dist').filter((name) => name.endsWith('.js'))
const bytes = (count: number) => count.toLocaleString('en-US')

test('every file with a budget is built', () => {
  expect(built).toEqual(expect.arrayContaining(Object.keys(BUDGETS)))
})

test.each(built.filter((file) => budgetOf(file) !== null))('%s stays within its budget', (file) => {
  const budget = budgetOf(file)!
  const size = brotli(readFileSync(join('dist', file)))
  const told = `${file} is ${bytes(size)} bytes at brotli-11, its budget is ${bytes(budget)}`
  expect(size, told).toBeLessThanOrEqual(budget)
})
