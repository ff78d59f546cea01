import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { VERSION } from './version.js'

it('is the version of both packages', () => {
  for (const file of ['package.json', 'train/package.json']) {
    expect(JSON.parse(readFileSync(file, 'utf8')).version).toBe(VERSION)
  }
})
