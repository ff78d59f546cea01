import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { parseLive } from '../../../worker/live/file.js'
import { verifySignature } from '../../../worker/pack/verify.js'
import { example } from '../../fixtures/packs.js'
import { writePack } from '../pack/write.js'
import { register } from './live.js'
import { register as release } from './release.js'

const folder = mkdtempSync(join(tmpdir(), 'nearside-live-'))
const at = (name: string) => join(folder, name)
const content = example(100, 16, 3)
content.facts!.available = content.ids.map((_, row) => row !== 1)
const { ids } = content
const price = content.facts!.price as Float64Array

beforeAll(() => {
  writePack(content, at('pack'))
  vi.spyOn(console, 'log').mockImplementation(() => {})
})
afterAll(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

async function run(...words: string[]) {
  const program = new Command().exitOverride()
  register(program)
  release(program)
  await program.parseAsync(words, { from: 'user' })
}

async function live(feed: string, ...more: string[]) {
  writeFileSync(at('feed.csv'), feed)
  await run(
    'live',
    '--pack',
    at('pack'),
    '--feed',
    at('feed.csv'),
    '--out',
    at('live.json'),
    '--json',
    ...more,
  )
  return parseLive(readFileSync(at('live.json')))
}

test('a feed becomes what differs from the pack', async () => {
  const found = await live(
    [
      'item_id,title,price,available,cost',
      `${ids[0]},A,${price[0]},false,1`,
      `${ids[1]},B,${price[1]},true,1`,
      `${ids[2]},C,${price[2]! + 1},true,1`,
      'new-1,Red mug,3.5,true,1',
      'new-2,Red mug,3.5,false,1',
    ].join('\n'),
  )
  expect(found).toMatchObject({ pack: 1, out: [ids[0]], back: [ids[1]] })
  expect([...found.prices]).toEqual([[ids[2], price[2]! + 1]])
  // A column that the pack does not have may be a secret of the shop.
  expect(found.items).toEqual([{ id: 'new-1', title: 'Red mug', price: 3.5 }])
})

test('with a complete feed, what it lacks is out of stock', async () => {
  const found = await live(`item_id,available\n${ids[0]},true\n`, '--complete')
  expect(found.out).toHaveLength(98)
})

test('it is signed with the pack’s key', async () => {
  await run('keygen', '--out', at('key.pem'))
  const key = vi.mocked(console.log).mock.lastCall![0].split('\n').at(-1)
  await live(`item_id,title\nnew-1,Mug\n`, '--key', at('key.pem'))
  await verifySignature(readFileSync(at('live.json')), readFileSync(at('live.json.sig'), 'utf8'), key)
})

test('what enough sessions have is trending, the latest the most', async () => {
  const events = ['session_id,item_id,timestamp']
  for (const [s, item] of [ids[0], ids[0], ids[0], ids[4], ids[4], ids[4], ids[5]].entries())
    for (const other of [item, ids[7]])
      events.push(`s${s},${other},2026-01-${10 + s}T12:${String(s).padStart(2, '0')}:00Z`)
  writeFileSync(at('events.csv'), events.join('\n'))
  const { trending } = await live('item_id\nnew-1\n', '--events', at('events.csv'))
  expect([...trending.keys()]).toEqual([ids[7], ids[4], ids[0]])
})

test('a feed that cannot be used is named, and the present file stays', async () => {
  await live('item_id,title\nnew-1,Mug\n')
  const before = readFileSync(at('live.json'), 'utf8')
  await expect(live('sku,title\nnew-1,Mug\n')).rejects.toThrow(/feed\.csv.*item_id/s)
  writeFileSync(at('boosts.json'), '{"a": 0}')
  await expect(live('item_id\na\n', '--boosts', at('boosts.json'))).rejects.toThrow(
    /boosts.*Change .*boosts\.json/,
  )
  expect(readFileSync(at('live.json'), 'utf8')).toBe(before)
})
