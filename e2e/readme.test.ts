import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

test('the README shows the built snippet', () => {
  const stub = readFileSync('dist/stub.js', 'utf8').trim()
  expect(readFileSync('README.md', 'utf8')).toContain(`<script>${stub}</script>`)
})
