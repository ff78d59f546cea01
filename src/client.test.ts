import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Decision, EngineApi, WireEvent } from '../worker/protocol.js'
import type { NearsideEvent, Options } from './api.js'
import { createClient } from './client.js'
import { fakeEngine, fakePage, fakeStorage, settle } from './fixtures/fake-page.js'

let storage: Record<string, string>
let page: ReturnType<typeof fakePage>
beforeEach(() => {
  storage = fakeStorage()
  page = fakePage(storage)
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

function shop(own: Partial<EngineApi> = {}, options: Partial<Options> = {}) {
  const engine = fakeEngine(own)
  const workers: ReturnType<typeof engine.spawn>[] = []
  const client = createClient({ pack: '/packs/shop/', ...options }, () => {
    workers.push(engine.spawn())
    return workers.at(-1)!
  })
  return { engine, workers, client }
}

const never = () => new Promise<never>(() => {})
const products = [{ id: 'a' }, { id: 'b' }, { id: 'c' }]
const view = (sku: string) => ({ items: [{ item_id: sku }] })
const tracked = (engine: ReturnType<typeof fakeEngine>) =>
  (engine.asked('track') as WireEvent[][]).map((batch) => batch.map(({ items }) => items[0]!.item_id))

describe('rank', () => {
  it("gives the shop's own objects in the device's order", async () => {
    const { client, engine } = shop()
    const { items, by, why, requestId } = await client.rank(products, { slot: 'home', limit: 2 })
    expect(items.map(({ item }) => item)).toEqual([...products].reverse())
    expect(items[0]!.item).toBe(products[2])
    expect([by, why]).toEqual(['device', undefined])
    expect(requestId).toBeTruthy()
    expect(engine.asked('rank')).toMatchObject([
      { ids: ['a', 'b', 'c'], slot: 'home', limit: 2, requestId, ranking: {} },
    ])
    client.destroy()
  })

  it('gives the server’s order when time is over', async () => {
    const { client } = shop({ rank: never })
    const { items, by, why } = await client.rank(products, { timeout: 30 })
    expect(items.map(({ item }) => item)).toEqual(products)
    expect([by, why]).toEqual(['server', 'timeout'])
    client.destroy()
  })

  it('never throws, whatever the page passes in', async () => {
    const { client } = shop({ recommend: async () => ({ by: 'device' }) as never })
    for (const nonsense of [undefined, null, 7, {}, 'ab', new Set(['x'])]) {
      const { items } = await client.rank(nonsense as never)
      expect(items.length).toBe(nonsense === 'ab' ? 2 : nonsense instanceof Set ? 1 : 0)
    }
    await client.rank(products, null as never)
    expect(await client.recommend(null as never)).toMatchObject({ items: [], by: 'server', why: 'error' })
    expect(await client.similar(null as never)).toMatchObject({ by: 'device' })
    client.track(null as never, null as never)
    client.track('view_item', { items: 7 as never })
    client.destroy()
  })

  it('answers with the server’s order after destroy', async () => {
    const { client } = shop()
    await client.rank(products)
    client.destroy()
    expect(await client.rank(products)).toMatchObject({ by: 'server', why: 'disabled' })
  })
})

it('recommend, similar and explain answer in ids', async () => {
  const { client } = shop()
  const { items, by } = await client.recommend({ slot: 'cart', exclude: ['z'], seeds: ['q'] })
  expect(by).toBe('device')
  expect(items.map(({ item, id, position }) => [item, id, position])).toEqual([
    ['b', 'b', 0],
    ['a', 'a', 1],
  ])
  expect((await client.similar('x')).items.map(({ id }) => id)).toEqual(['d', 'c'])
  expect(await client.explain(7)).toMatchObject({ id: '7' })
  client.destroy()
})

describe('track', () => {
  it('sends the events of one task in one message', async () => {
    const { client, engine } = shop()
    client.track('view_item', view('a'))
    client.track('view_item', view('b'))
    await settle()
    client.track('view_item', view('c'))
    await settle()
    expect(tracked(engine)).toEqual([['a', 'b'], ['c']])
    client.destroy()
  })

  it('is sent again by the next page under a grant, and counts once', async () => {
    const first = shop({ track: never }, { consent: 'granted' })
    first.client.track('select_item', view('a'))
    await settle()
    page.leave()
    expect(Object.keys(storage).filter((key) => key.startsWith('nearside:outbox:'))).toHaveLength(1)

    page = fakePage(storage)
    const second = shop()
    second.client.track('view_item', view('b'))
    await settle()
    expect(tracked(second.engine)).toEqual([['a', 'b']])
    expect((second.engine.asked('track') as WireEvent[][])[0]![0]!.id).toBe(
      (first.engine.asked('track') as WireEvent[][])[0]![0]!.id,
    )
    expect(Object.keys(storage)).toEqual(['nearside:consent'])
    first.client.destroy()
    second.client.destroy()
  })

  it('is erased by the next page if that starts denied', async () => {
    const first = shop({ track: never }, { consent: 'granted' })
    first.client.track('select_item', view('a'))
    await settle()
    page.leave()
    page = fakePage(storage, { gpc: true })
    const second = shop()
    await settle()
    expect(Object.keys(storage)).toEqual([])
    expect(tracked(second.engine)).toEqual([])
    first.client.destroy()
    second.client.destroy()
  })

  it('writes what is tracked while the page is being left', async () => {
    const { client } = shop({ track: never }, { consent: 'granted' })
    await client.status()
    page.leave()
    client.track('select_item', view('late'))
    expect(JSON.stringify(storage)).toContain('late')
    client.destroy()
  })

  it('is not stored by the worker while the page is being left', async () => {
    const { client, engine } = shop({}, { consent: 'granted' })
    await client.status()
    expect(await engine.record()).toMatch(/^granted/)
    page.leave()
    expect(await engine.record()).toBe('')
    page.restore()
    expect(await engine.record()).toMatch(/^granted/)
    page.leave()
    client.consent.deny()
    expect(await engine.record()).toBeUndefined()
    client.destroy()
  })

  it('writes nothing without a grant', async () => {
    const { client } = shop({ track: never })
    client.track('view_item', view('a'))
    await settle()
    page.leave()
    client.destroy()
    expect(Object.keys(storage)).toEqual([])
  })

  it('keeps events from before a grant when the page navigates right after the grant', async () => {
    const { client, engine } = shop()
    client.track('view_item', view('early'))
    await settle()
    client.consent.grant()
    page.leave()
    expect(JSON.stringify(storage)).toContain('early')
    page.restore()
    await settle()
    // Sent again, and now acknowledged as stored.
    expect(tracked(engine)).toEqual([['early'], ['early']])
    expect(Object.keys(storage)).toEqual(['nearside:consent'])
    client.destroy()
  })

  it('is sent again to a worker that replaces a dead one', async () => {
    const { client, engine, workers } = shop()
    client.track('view_item', view('a'))
    await settle()
    workers[0]!.fail('gone')
    await settle(600)
    expect(tracked(engine)).toEqual([['a'], ['a']])
    expect((await client.status()).restarts).toBe(1)
    client.destroy()
  })
})

describe('consent', () => {
  it('reaches the engine and the listeners once', async () => {
    const { client, engine } = shop()
    const heard: string[] = []
    client.on('consent', ({ state }) => heard.push(state))
    await client.status()
    client.consent.grant('personalization')
    client.consent.deny()
    client.consent.grant()
    expect(client.consent.state).toBe('granted')
    await settle()
    const asked = engine.asked('setConsent') as Decision[]
    expect(asked.map(({ state }) => state)).toEqual(['granted', 'denied', 'granted'])
    // Each grant has a record of its own.
    expect(asked[0]!.grant).not.toBe(asked[2]!.grant)
    expect(heard).toEqual(['granted', 'denied', 'granted'])
    expect(client.consent.state).toBe('granted')
    client.destroy()
  })

  it('is known to the worker at its start when it was given before', async () => {
    const { client, engine } = shop()
    client.consent.grant()
    await client.status()
    expect(engine.asked('start')).toMatchObject([
      { consent: { state: 'granted', grant: expect.any(String) } },
    ])
    expect(engine.asked('setConsent')).toEqual([])
    client.destroy()
  })

  it('denied: nothing is asked, learned or kept', async () => {
    const { client, engine } = shop({ track: never }, { consent: 'granted' })
    client.track('view_item', view('a'))
    await settle()
    page.hide()
    client.consent.deny()
    client.track('view_item', view('b'))
    page.leave()
    const { items, by, why } = await client.rank(products)
    expect(items.map(({ item }) => item)).toEqual(products)
    expect([by, why]).toEqual(['server', 'denied'])
    expect(engine.asked('rank')).toEqual([])
    expect(tracked(engine)).toEqual([['a']])
    expect(Object.keys(storage)).toEqual([])
    client.destroy()
  })

  it('denied in another tab is denied here', async () => {
    const { client, engine } = shop({}, { consent: 'granted' })
    const heard: string[] = []
    client.on('consent', ({ state }) => heard.push(state))
    await client.status()
    const other = shop({}, { consent: 'granted' })
    await other.client.status()
    other.client.consent.deny()
    await settle()
    expect(client.consent.state).toBe('denied')
    expect(heard).toEqual(['denied'])
    expect(engine.asked('setConsent')).toEqual([{ state: 'denied' }])
    expect(Object.keys(storage)).toEqual([])
    client.destroy()
    other.client.destroy()
  })

  it('counts on a page that comes back from the back/forward cache when it was withdrawn meanwhile', async () => {
    const { client, engine } = shop({}, { consent: 'granted' })
    await client.status()
    page.leave()
    delete storage['nearside:consent']
    page.restore()
    expect(client.consent.state).toBe('denied')
    await settle()
    expect(engine.asked('setConsent')).toEqual([{ state: 'denied' }])
    client.destroy()
  })
})

describe('the visitor’s data', () => {
  it('is given out and erased by the engine', async () => {
    const { client, engine } = shop()
    expect(await client.export()).toMatchObject({ kept: 'disk' })
    expect(await client.forget({ item: 7 })).toBe(true)
    expect(await client.forget()).toBe(true)
    expect(engine.asked('forget')).toEqual(['7', undefined])
    client.destroy()
  })

  it('is not reported as erased or empty when the worker could not be asked', async () => {
    const { client } = shop({}, { pack: 'file:///nowhere/' })
    expect(await client.forget()).toBe(false)
    expect(await client.export()).toBeNull()
    client.destroy()
  })

  it('is erased too while it is on its way to the worker', async () => {
    const { client, engine } = shop()
    await client.status()
    client.track('view_item', view('a'))
    client.track('view_item', view('b'))
    await client.forget({ item: 'a' })
    client.track('view_item', view('c'))
    await client.forget()
    await settle()
    expect(tracked(engine)).toEqual([['b']])
    client.destroy()
  })
})

it('tells listeners what it did, and goes on when one of them throws', async () => {
  const { client } = shop()
  const heard: NearsideEvent[] = []
  client.on('ranked', () => {
    throw new Error('the shop’s own bug')
  })
  const off = client.on('ranked', (event) => heard.push(event))
  client.on('ready', (event) => heard.push(event))
  const { requestId } = await client.rank(products, { slot: 'home' })
  off()
  await client.rank(products)
  expect(heard).toMatchObject([
    { type: 'ready' },
    { type: 'ranked', method: 'rank', slot: 'home', by: 'device', requestId },
  ])
  client.destroy()
})

describe('without what it needs', () => {
  it('reports bad options once and keeps the server’s order', async () => {
    const { client, workers } = shop({}, { pack: '' })
    expect(await client.rank(products)).toMatchObject({ by: 'server', why: 'error' })
    client.track('view_item', view('a'))
    expect(await client.status()).toMatchObject({ worker: 'failed', error: expect.stringContaining('pack') })
    expect(workers).toHaveLength(0)
    expect(console.error).toHaveBeenCalledOnce()
  })

  it('starts nothing on a server and keeps the server’s order', async () => {
    vi.unstubAllGlobals()
    const { client, workers } = shop({}, { consent: 'auto' })
    client.track('view_item', view('a'))
    expect(await client.rank(products)).toMatchObject({ by: 'server', why: 'not-ready' })
    expect(client.consent.state).toBe('unknown')
    client.consent.grant()
    client.consent.deny()
    expect(client.consent.state).toBe('denied')
    await settle()
    expect(workers).toHaveLength(0)
    client.destroy()
  })

  it('starts the worker by itself, after the task that created the client', async () => {
    const { client, workers } = shop()
    expect(workers).toHaveLength(0)
    await settle()
    expect(workers).toHaveLength(1)
    client.destroy()
  })
})
