/** A shop's live file, as visitors meet it: a real server, a real pack, the engine. */
import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { example } from '../../train/fixtures/packs.js'
import { signPack } from '../../train/src/pack/release.js'
import { writePack } from '../../train/src/pack/write.js'
import { createEngine } from '../engine.js'
import { memoryStore } from '../fixtures/memory-store.js'
import { loadPart } from '../fixtures/parts.js'
import { toy } from '../fixtures/toy.js'
import { chainOf } from '../pack/store/open.js'
import type { EngineApi, EngineConfig, EngineEvent, Ranking } from '../protocol.js'
import type { ServingModel } from '../rank/evidence.js'
import { parseLive } from './file.js'
import { withLive } from './over.js'

const folder = mkdtempSync(join(tmpdir(), 'nearside-live-'))
const content = example(200, 16, 3)
delete content.facts!.available
const ids = content.ids.slice(0, 20)
const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const key = Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url').toString('base64')

let server: Server
let base: string
/** What the server has besides the pack, by name. */
let served: Map<string, string | Buffer>
let asked: string[]
let engines: EngineApi[]

beforeAll(async () => {
  writePack(content, folder)
  writeFileSync(join(folder, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }))
  signPack(folder, join(folder, 'key.pem'))
  server = createServer(({ url }, response) => {
    const name = url!.split('/').at(-1)!.split('?')[0]!
    asked.push(name)
    try {
      const body = name.startsWith('live') ? served.get(name) : readFileSync(join(folder, name))
      if (body === undefined) throw new Error()
      response.end(body)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, resolve))
  base = `http://localhost:${(server.address() as AddressInfo).port}/`
})
afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true })
})
beforeEach(() => {
  served = new Map()
  asked = []
  engines = []
})
afterEach(() => Promise.all(engines.map((engine) => engine.stop())))

function publish(live: object, signed = false): void {
  const text = JSON.stringify({ version: 1, pack: 1, created: '2026-01-01T00:00:00Z', ...live })
  served.set('live.json', text)
  if (signed) served.set('live.json.sig', sign(null, Buffer.from(text), privateKey).toString('base64'))
}

async function page(config: Partial<EngineConfig> = {}) {
  const events: EngineEvent[] = []
  const engine = createEngine({
    fetch,
    locks: { shared: (work) => work(), alone: (work) => work() },
    openLog: () => {
      throw new Error('no disk')
    },
    openStore: () => chainOf([memoryStore()]),
    eraseDisk: async () => {},
    loadPart,
    openTabs: () => ({ send() {}, close() {} }),
    now: Date.now,
  })
  engines.push(engine)
  await engine.start(
    {
      pack: base,
      consent: { state: 'granted' },
      live: { url: `${base}live.json` },
      ...config,
    },
    { hear: (event) => void events.push(event), record: () => undefined },
  )
  const rank = async (list: string[]) =>
    (await engine.rank({ requestId: 'r', slot: 's', ids: list, limit: 100 })) as Ranking
  await rank(ids)
  const live = async () => (await engine.status()).live!
  return {
    engine,
    rank,
    live,
    troubles: () => events.flatMap((e) => (e.type === 'trouble' ? [e.message] : [])),
  }
}

const until = async (holds: () => Promise<boolean> | boolean) => {
  for (let i = 0; i < 400 && !(await holds()); i++) await new Promise((resolve) => setTimeout(resolve, 10))
  expect(await holds()).toBe(true)
}

test('what is out of stock goes to the end, and a price of the file replaces the pack’s', async () => {
  publish({ out: [ids[0]!, 'nobody'], prices: { [ids[1]!]: 1.5 } })
  const { rank, live, engine } = await page()
  await until(async () => (await live()).state === 'used')
  expect((await rank(ids)).ids.at(-1)).toBe(ids[0])
  expect(await engine.explain(ids[1]!)).toMatchObject({ facts: { price: 1.5 } })
  expect(await engine.explain(ids[0]!)).toMatchObject({ facts: { available: false } })
})

test('a boost moves an item up', async () => {
  publish({ boosts: { [ids[10]!]: 10 } })
  const { rank, live } = await page()
  await until(async () => (await live()).state === 'used')
  expect((await rank(ids)).ids.indexOf(ids[10]!)).toBeLessThan(3)
})

test('new items are recommended as new, explained, and asked about', async () => {
  const item = { id: 'new-1', title: 'Red mug', category: 'Kitchen > Mugs', brand: 'Acme', price: 12 }
  publish({ items: [item] })
  const { engine, live } = await page()
  await until(async () => (await live()).state === 'used')
  const list = (await engine.recommend({ requestId: 'a', slot: 's', limit: 20, exclude: [] })) as Ranking
  expect(list.ids).toContain('new-1')
  expect(list.sources[list.ids.indexOf('new-1')]).toBe('fresh')
  expect(await engine.explain('new-1')).toMatchObject({ known: true, facts: { ...item, popularity: 0 } })
  const like = await engine.similar({ requestId: 'b', slot: 's', id: 'new-1', limit: 5, exclude: [] })
  expect(like.by).toBe('device')
})

test('without a live file in the configuration nothing is asked for', async () => {
  publish({})
  const { engine } = await page({ live: undefined })
  expect(asked).not.toContain('live.json')
  expect(await engine.status()).not.toHaveProperty('live')
})

test('a file for another pack is ignored, and that is told', async () => {
  publish({ pack: 7, out: [ids[0]!] })
  const { rank, live, troubles } = await page()
  await until(async () => (await live()).state === 'other-pack')
  expect((await rank(ids)).ids.at(-1)).not.toBe(ids[0])
  expect(troubles().join()).toContain('sequence 7')
})

test('with a key, only a file with its signature is used', async () => {
  publish({ out: [ids[0]!] }, true)
  const good = await page({ key })
  await until(async () => (await good.live()).state === 'used')
  served.set('live.json', `${served.get('live.json')} `)
  const bad = await page({ key })
  await until(async () => (await bad.live()).error !== undefined)
  expect(await bad.live()).toMatchObject({ state: 'none', error: 'live.json.sig: not by the configured key' })
  served.delete('live.json.sig')
  const unsigned = await page({ key })
  await until(async () => (await unsigned.live()).error === 'live.json.sig: missing')
})

test.each([
  ['absent', undefined, '404'],
  ['truncated', '{"version":1,"pa', 'not JSON'],
  ['huge', Buffer.alloc(600_000, 32), 'more than'],
  ['of another version', '{"version":2}', 'version'],
  ['not an object', '[]', 'an object'],
  ['without a time', '{"version":1,"pack":1}', 'created'],
])('a file that is %s is told once, and lists are ranked without it', async (_, body, message) => {
  if (body !== undefined) served.set('live.json', body)
  const { rank, live, troubles } = await page()
  await until(async () => (await live()).error !== undefined)
  expect((await live()).error).toContain(message)
  expect((await rank(ids)).by).toBe('device')
  expect(troubles().filter((text) => text.startsWith('live file'))).toHaveLength(1)
})

test.each([
  { out: [1] },
  { out: 'a' },
  { prices: { a: -1 } },
  { prices: [] },
  { boosts: { a: 1e9 } },
  { items: [{ title: 'no id' }] },
  { items: [{ id: 'a' }, { id: 'a' }] },
  { items: [{ id: 'a', url: 'javascript:alert(1)' }] },
  { items: [{ id: 'a', deep: { a: 1 } }] },
  { items: [{ id: 'a', price: 'x' }] },
  { trending: { a: null } },
])('%j is refused', (wrong) => {
  const file = { version: 1, pack: 1, created: '2026-01-01', ...wrong }
  expect(() => parseLive(new TextEncoder().encode(JSON.stringify(file)))).toThrow(Object.keys(wrong)[0]!)
})

test.each(['"12"', '1e999', '["5"]', 'true', '-1'])('a new item cannot cost %s', (price) => {
  const text = `{"version":1,"pack":1,"created":"2026-01-01","items":[{"id":"a","price":${price}}]}`
  expect(() => parseLive(new TextEncoder().encode(text))).toThrow('price')
})

test.each([true, 5, { seconds: 30 }, { url: 7 }])(
  '%j is no live file, and nothing is asked for',
  async (live) => {
    const context = { url: `${base}home/` }
    const { troubles } = await page({ live, context } as unknown as Partial<EngineConfig>)
    expect(troubles()).toContainEqual(expect.stringMatching(/^live is .*expected the http\(s\) address/))
    expect(asked.filter((name) => !/manifest|^\w+\.[0-9a-f]{16}/.test(name))).toEqual([])
  },
)

test('a file with names that every object has is harmless', async () => {
  served.set(
    'live.json',
    '{"version":1,"pack":1,"created":"2026-01-01","prices":{"__proto__":1,"constructor":2},' +
      '"items":[{"id":"constructor","__proto__":"x","title":"Red mug"}]}',
  )
  const { live, engine } = await page()
  await until(async () => (await live()).state === 'used')
  const list = await engine.recommend({ requestId: 'a', slot: 's', limit: 20, exclude: [] })
  expect((list as Ranking).ids).toContain('constructor')
  expect(({} as { title?: string }).title).toBeUndefined()
})

test('boosts hold where the rules of the pack make no sense', () => {
  const file = { version: 1, pack: 1, created: '2026-01-01', boosts: { item00001: 2 } }
  const model = { ...toy(), settings: { rules: 5 } } as unknown as ServingModel
  const { settings } = withLive(model, parseLive(new TextEncoder().encode(JSON.stringify(file))))
  expect(settings?.rules).toMatchObject([{ kind: 'boost', factor: 2 }])
})
