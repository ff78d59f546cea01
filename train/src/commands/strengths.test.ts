import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { loadLog } from '../data/load/load.js'
import { strengthsIn } from './options.js'

const folder = mkdtempSync(join(tmpdir(), 'strengths-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(content: string): string {
  const path = join(folder, 'strengths.json')
  writeFileSync(path, content)
  return path
}

test('a log is weighed with the strengths of the file, and the pack gets what the file says', async () => {
  const { said, strengths } = strengthsIn(file('{ "add_to_cart": 0.4 }'))
  expect(said).toEqual({ add_to_cart: 0.4 })
  const log = join(folder, 'log.csv')
  writeFileSync(log, 'session_id,item_id,timestamp,event_type\ns,a,1,view\ns,b,2,cart\ns,c,3,buy\n')
  const { data } = await loadLog({ events: [log], strengths })
  expect([...data.weights]).toEqual([1, 2, 5])
})

test.each([
  ['{ "buy": 1 }', 'there is no signal buy'],
  ['{ "purchase": 2 }', 'purchase is 2, expected 0.01 to 1'],
  ['purchase = 2', 'JSON'],
])('a file with %s ends the run, and is named', (content, message) => {
  expect(() => strengthsIn(file(content))).toThrow(message)
  expect(() => strengthsIn(file(content))).toThrow('strengths.json')
})
