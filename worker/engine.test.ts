import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { example } from '../train/fixtures/packs.js'
import { writePack } from '../train/src/pack/write.js'
import type { Ground } from './engine/ground.js'
import { createEngine } from './engine.js'
import type { EventLog, Retention } from './feedback/log.js'
import type { DiskOptions } from './feedback/store.js'
import type { TabMessage } from './feedback/tabs.js'
import { memoryStore } from './fixtures/memory-store.js'
import { loadPart } from './fixtures/parts.js'
import { chainOf } from './pack/store/open.js'
import type {
  Decision,
  EngineApi,
  EngineConfig,
  EngineEvent,
  Ranking,
  Rule,
  ShownList,
  WireEvent,
} from './protocol.js'

const folder = mkdtempSync(join(tmpdir(), 'nearside-engine-'))
const content = example(200, 16, 3)
// Everything is available, so no rule moves anything.
delete content.facts!.available
/** The pack has a rule about an item that no other test asks about. */
const buried = content.ids[150]!
content.ranking = { rules: [{ kind: 'bury', where: { ids: [buried] } }] }
const ids = content.ids.slice(0, 40)
const manifestFile = join(folder, 'manifest.json')
const settle = (ms = 20) => new Promise((resolve) => setTimeout(resolve, ms))

beforeAll(() => {
  writePack(content, folder, { strengths: { purchase: 0.6, add_to_wishlist: 0.3 } })
})
afterAll(() => rmSync(folder, { recursive: true }))

const GRANTED: Decision = { state: 'granted', grant: 'granted:1' }

/** An event log that holds what would be on disk. */
class Disk implements EventLog {
  readonly kind = 'disk'
  permit: DiskOptions['permit'] = async (write) => write()
  #events = new Map<string, WireEvent>()
  #lists = new Map<string, ShownList>()

  /** How often something was written. */
  writes = 0
  /** Settles when the disk lets anybody read. */
  readable: Promise<unknown> = Promise.resolve()
  /** How long it takes to read the events. */
  readMs = 0
  /** How often the lists were read. */
  listings = 0

  count = async () => this.#events.size
  close() {}

  async events(_retention: Retention, _now: number, begun?: () => void) {
    await this.readable
    begun?.()
    if (this.readMs > 0) await new Promise((resolve) => setTimeout(resolve, this.readMs))
    return [...this.#events.values()]
  }

  async lists() {
    this.listings++
    await this.readable
    return [...this.#lists.values()]
  }

  async wipe() {
    this.#events.clear()
    this.#lists.clear()
  }

  async add(events: readonly WireEvent[], lists: readonly ShownList[] = []) {
    const done = await this.permit(async () => {
      this.writes++
      for (const event of events) if (!this.#events.has(event.id)) this.#events.set(event.id, event)
      for (const list of lists) this.#lists.set(list.requestId, list)
      return true
    })
    return done === true
  }

  async removeItem(item: string) {
    for (const { id, items } of this.#events.values()) {
      if (items.some(({ item_id }) => item_id === item)) this.#events.delete(id)
    }
  }
}

/** A device: what stays when a page is closed, and the open tabs. */
class Device {
  log = new Disk()
  store = memoryStore()
  opened: string[] = []
  requests: string[] = []
  online = true
  now = Date.UTC(2026, 0, 1)
  /** The record of the grant that stands when the engine asks the page. */
  record: string | undefined
  tabs = new Set<(message: TabMessage) => void>()
  /** Parts of the engine that were loaded. */
  parts: string[] = []

  async page(config: Partial<EngineConfig> = {}) {
    const events: EngineEvent[] = []
    const ground: Ground = {
      fetch: async (input) => {
        const name = String(input).split('/').at(-1)!
        this.requests.push(name)
        if (!this.online) throw new TypeError('offline')
        return new Response(readFileSync(join(folder, name)))
      },
      locks: { shared: (work) => work(), alone: (work) => work() },
      openLog: async ({ permit }) => {
        this.opened.push('log')
        this.log.permit = permit
        return this.log
      },
      openStore: () => {
        this.opened.push('store')
        return chainOf([this.store])
      },
      eraseDisk: async () => {
        await this.log.wipe()
        await this.store.wipe()
      },
      loadPart: (name, url) => {
        this.parts.push(name)
        return loadPart(name, url)
      },
      openTabs: (listen) => {
        this.tabs.add(listen)
        return {
          send: (message) => {
            for (const other of this.tabs) if (other !== listen) other(message)
          },
          close: () => this.tabs.delete(listen),
        }
      },
      now: () => this.now,
    }
    const engine = createEngine(ground)
    const { setConsent } = engine
    // The page records a decision before it tells the engine.
    engine.setConsent = (decision) => {
      this.record = decision.grant
      return setConsent(decision)
    }
    this.record = config.consent?.grant
    await engine.start(
      {
        pack: 'https://shop.example/packs/',
        consent: { state: 'unknown' },
        backend: 'auto',
        retention: { days: 180, events: 5000 },
        maxPackBytes: 1 << 26,
        ...config,
      },
      { hear: (event) => void events.push(event), record: () => this.record },
    )
    return { engine, events }
  }

  view(id: string, event = `e-${id}-${this.now}`): WireEvent {
    this.now += 20_000
    return { id: event, name: 'view_item', time: this.now, items: [{ item_id: id }] }
  }
}

const rank = (engine: EngineApi) =>
  engine.rank({ requestId: 'r', ids, slot: 'home', limit: 40, ranking: { reasons: true } })
const order = (answer: unknown) => Array.from((answer as Ranking).order!)
const inOrder = ids.map((_, i) => i)

it('warns about options that do not exist', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  await new Device().page({ options: ['pack', 'tiemout'] })
  expect(warn.mock.calls).toEqual([[expect.stringMatching(/unknown option tiemout\..* timeout,/)]])
  warn.mockRestore()
})

it.each([-5, Number.NaN, 'many', null])('retention %s is the usual one', async (given) => {
  const device = new Device()
  const retention = { days: given, events: given } as unknown as { days: number; events: number }
  const { engine } = await device.page({ retention })
  const many = Array.from({ length: 5010 }, (_, i) => device.view(ids[i % 40]!))
  for (let i = 0; i < many.length; i += 1000) await engine.track(many.slice(i, i + 1000))
  expect((await engine.export()).events).toHaveLength(5000)
})

it('keeps to the rules of pack, shop, slot and call together, and tells a bad one once', async () => {
  const pin = (id: string, position: number) => ({ kind: 'pin', where: { ids: [id] }, position }) as const
  const bad = { kind: 'pin', where: { ids: [] } } as unknown as Rule
  const { engine, events } = await new Device().page({
    ranking: { rules: [bad, pin('a', 0)] },
    slots: { home: { rules: [pin('b', 1)] } },
  })
  for (const rules of [undefined, [pin('c', 2)]]) {
    const asked = { requestId: `r ${rules}`, slot: 'home', limit: 5, ids: [buried, 'd', 'c', 'b', 'a'] }
    const { ids } = (await engine.rank({ ...asked, ranking: { rules } })) as Ranking
    expect(ids).toEqual(rules ? ['a', 'b', 'c', 'd', buried] : ['a', 'b', 'd', 'c', buried])
  }
  expect(events.flatMap((event) => (event.type === 'trouble' ? [event.message] : []))).toEqual([
    'create, rule 1: where.ids is an object or list, expected a list of 1 to 10000 entries. The rule is ignored.',
  ])
})

describe('less like this', () => {
  it('no reason quotes the disliked item any more, and taking it back gives the same list as before', async () => {
    const device = new Device()
    const { engine } = await device.page()
    const [liked, disliked] = [ids[20]!, ids[30]!]
    const list = async () => (await rank(engine)) as Ranking
    const quoted = ({ reasons }: Ranking) => reasons.flat().some(({ item }) => item === disliked)
    const say = (name: WireEvent['name']) => engine.track([{ ...device.view(disliked, name), name }])
    await engine.track([device.view(liked), device.view(disliked)])
    const before = await list()
    expect(quoted(before)).toBe(true)
    await say('less_like_this')
    const after = await list()
    expect(quoted(after)).toBe(false)
    expect(after.ids.at(-1)).toBe(disliked)
    await say('undo_less_like_this')
    expect((await list()).ids).toEqual(before.ids)
  })

  it('weighs signals as the pack says, unless the page says otherwise', async () => {
    const device = new Device()
    const { engine, events } = await device.page({ strengths: { add_to_wishlist: 0.4, refund: 1 } })
    await rank(engine)
    const names = ['purchase', 'add_to_wishlist', 'add_to_cart'] as const
    await engine.track(names.map((name, i) => ({ ...device.view(ids[i]!), name })))
    // The visit is over.
    device.now += 3_600_000
    const { profile } = await engine.export()
    expect(Object.fromEntries(profile.map(({ item, strength }) => [item, strength.toFixed(1)]))).toEqual({
      [ids[0]!]: '0.6',
      [ids[1]!]: '0.4',
      [ids[2]!]: '0.7',
    })
    expect(events).toContainEqual({
      type: 'trouble',
      message: 'strengths: refund is 1, expected -1 to 0. It is ignored.',
    })
  })
})

it('logs how probable an explored list was, and shows it in the export', async () => {
  const device = new Device()
  const { engine } = await device.page({ slots: { home: { explore: { positions: 3 } } } })
  await engine.track([device.view(ids[20]!)])
  const ask = async (requestId: string) =>
    (await engine.rank({ requestId, ids, slot: 'home', limit: 12 })) as Ranking
  const first = await ask('one')
  expect(first.propensities!.slice(0, 12).filter((p) => p > 0 && p < 1)).toHaveLength(3)
  expect((await ask('one')).ids).toEqual(first.ids)
  expect((await ask('two')).ids).not.toEqual(first.ids)
  const { lists } = await engine.export()
  expect(lists[0]).toMatchObject({ requestId: 'one', ids: first.ids, propensities: first.propensities })
  const plain = (await engine.rank({ requestId: 'three', ids, slot: 'cart', limit: 12 })) as Ranking
  expect(plain.propensities).toBeUndefined()
})

describe('before a decision', () => {
  it('ranks from memory and opens no storage', async () => {
    const device = new Device()
    const { engine } = await device.page()
    expect(order(await rank(engine))).toEqual(inOrder)
    await engine.track([device.view(ids[20]!), device.view(ids[30]!)])
    expect(order(await rank(engine))).not.toEqual(inOrder)
    expect(device.opened).toEqual([])
    expect((await engine.export()).kept).toBe('memory')
    expect(await device.log.count()).toBe(0)
  })

  it('keeps what the page has learned when the grant comes', async () => {
    const device = new Device()
    const { engine } = await device.page()
    await engine.track([device.view(ids[20]!)])
    await rank(engine)
    await engine.setConsent(GRANTED)
    await engine.export()
    expect(await device.log.count()).toBe(1)
    expect((await device.store.list()).length).toBeGreaterThan(1)
  })
})

describe('under a grant', () => {
  it('answers the next page from the device, offline, with what it remembers', async () => {
    const device = new Device()
    const first = await device.page({ consent: GRANTED })
    await first.engine.track([device.view(ids[20]!), device.view(ids[30]!)])
    const learned = order(await rank(first.engine))
    await vi.waitFor(async () => expect((await device.store.list()).join()).toContain('facts.'))
    await first.engine.stop()

    device.online = false
    device.requests = []
    const second = await device.page({ consent: GRANTED })
    expect(order(await rank(second.engine))).toEqual(learned)
    await settle()
    expect(device.requests).toEqual(['manifest.json'])
    const status = await second.engine.status()
    expect(status.pack).toMatchObject({ state: 'ready', from: 'memory', sequence: 1 })
    expect(status.events).toEqual({ session: 2, stored: 2 })
  })

  it('counts an event once that is sent again', async () => {
    const device = new Device()
    const { engine } = await device.page({ consent: GRANTED })
    const event = device.view(ids[3]!)
    expect(await engine.track([event])).toEqual([event.id])
    expect(await engine.track([event])).toEqual([event.id])
    expect((await engine.export()).events.length).toBe(1)
    expect(await device.log.count()).toBe(1)
  })

  it('refuses events that make no sense, for good, and keeps the others', async () => {
    const device = new Device()
    const { engine } = await device.page({ consent: GRANTED })
    const bad = { id: 'bad', name: 'hack', time: 0, items: [] } as unknown as WireEvent
    const good = device.view(ids[3]!)
    expect((await engine.track([bad, good])).sort()).toEqual(['bad', good.id].sort())
    expect((await engine.export()).events.map(({ id }) => id)).toEqual([good.id])
  })

  it('forgets one item, or everything, in every tab, and keeps the decision', async () => {
    const device = new Device()
    const one = await device.page({ consent: GRANTED })
    const other = await device.page({ consent: GRANTED })
    await one.engine.track([device.view(ids[1]!), device.view(ids[2]!)])
    expect((await other.engine.export()).events.length).toBe(2)
    await one.engine.forget(ids[1]!)
    for (const { engine } of [one, other]) {
      expect((await engine.export()).events.map(({ items }) => items[0]!.item_id)).toEqual([ids[2]])
    }
    await other.engine.forget()
    for (const { engine } of [one, other]) {
      expect((await engine.export()).events).toEqual([])
      expect((await engine.status()).consent).toBe('granted')
    }
    expect(await device.log.count()).toBe(0)
    expect(order(await rank(one.engine))).toEqual(inOrder)
  })

  it('moves an unwanted item behind all others', async () => {
    const device = new Device()
    const { engine } = await device.page({ consent: GRANTED })
    await engine.track([{ ...device.view(ids[0]!), name: 'less_like_this' }])
    expect(order(await rank(engine)).at(-1)).toBe(0)
    const picks = (await engine.recommend({ requestId: 'r', slot: 's', limit: 200, exclude: [] })) as Ranking
    expect(picks.ids).not.toContain(ids[0])
  })
})

describe('before the first look at an item', () => {
  const picksOf = async (engine: EngineApi) =>
    (await engine.recommend({ requestId: 'r', slot: 's', limit: 10, exclude: [] })) as Ranking
  /** The catalogue's facts are the last file of a pack, and no answer waits for them. */
  const described = (engine: EngineApi) =>
    vi.waitFor(async () => expect(await engine.explain(ids[0]!)).toHaveProperty('facts.brand'))
  const lamps = new Set(content.ids.filter((_, row) => content.facts!.category![row] === 'Living > Lamps'))

  it('preferences lead the list, on the next page too, until they are forgotten', async () => {
    const device = new Device()
    const { engine } = await device.page({ consent: GRANTED })
    await described(engine)
    const usual = await picksOf(engine)
    const prefer = { ...device.view(''), items: [], name: 'prefer' as const }
    await engine.track([{ ...prefer, categories: 'Living > Lamps' }])
    const picks = await picksOf(engine)
    expect(usual.ids.every((id) => lamps.has(id))).toBe(false)
    expect(picks.ids.every((id) => lamps.has(id))).toBe(true)
    const next = await device.page({ consent: GRANTED })
    await described(next.engine)
    expect((await picksOf(next.engine)).ids).toEqual(picks.ids)
    expect((await next.engine.export()).events).toMatchObject([
      { prefer: { categories: ['Living > Lamps'] } },
    ])
    await next.engine.forget()
    expect((await picksOf(next.engine)).ids).toEqual(usual.ids)
    expect((await picksOf(engine)).ids).toEqual(usual.ids)
  })

  it('the landing page leads the list, and a search leads it before that', async () => {
    const device = new Device()
    const { engine } = await device.page({ context: { url: 'https://shop.example/living/lamps/' } })
    await described(engine)
    expect((await picksOf(engine)).sources).toEqual(new Array(10).fill('content'))
    expect((await picksOf(engine)).ids.every((id) => lamps.has(id))).toBe(true)
    await engine.track([{ ...device.view(''), items: [], name: 'view_search_results', query: 'mugs' }])
    const { title, category } = content.facts!
    for (const id of (await picksOf(engine)).ids) {
      const row = content.ids.indexOf(id)
      expect(`${title![row]} ${category![row]}`).toMatch(/mug/i)
    }
  })

  it('what a page says of the landing may be anything', async () => {
    const context = { url: { toString: null }, width: '7', referrer: 'x'.repeat(1e6) } as unknown
    const { engine } = await new Device().page({ context } as Partial<EngineConfig>)
    expect((await picksOf(engine)).by).toBe('device')
  })
})

it('loads what reads searches and landing pages before the first look only, and never after a denial', async () => {
  const refused = new Device()
  const { engine: silent } = await refused.page({ consent: { state: 'denied' } })
  await rank(silent)
  expect(refused.parts).toEqual([])
  const device = new Device()
  const { engine } = await device.page({ consent: GRANTED })
  await vi.waitFor(() => expect(device.parts).toEqual(['asked']))
  await engine.track([device.view(ids[20]!)])
  const next = await device.page({ consent: GRANTED })
  expect((await rank(next.engine)).by).toBe('device')
  expect(device.parts.filter((name) => name === 'asked')).toHaveLength(1)
})

describe('a log that opens late', () => {
  /** A page whose log waits for another page; and how to end the wait. */
  async function waiting() {
    const device = new Device()
    const first = await device.page({ consent: GRANTED })
    await first.engine.track([device.view(ids[20]!, 'early')])
    await vi.waitFor(async () => expect((await device.store.list()).join()).toContain('facts.'))
    await first.engine.stop()
    let release = () => {}
    device.log.readable = new Promise<void>((resolve) => {
      release = resolve
    })
    return { device, release, engine: (await device.page({ consent: GRANTED })).engine }
  }

  it('delays no answer: lists are ranked by what the page knows', async () => {
    const { device, release, engine } = await waiting()
    void engine.track([device.view(ids[30]!, 'late')])
    const answer = (await rank(engine)) as Ranking
    expect(answer.by).toBe('device')
    expect(answer.reasons.flat().map(({ item }) => item)).toContain(ids[30])
    expect(answer.reasons.flat().map(({ item }) => item)).not.toContain(ids[20])
    release()
  })

  it('is waited for once it is being read, however long that takes', async () => {
    const device = new Device()
    const first = await device.page({ consent: GRANTED })
    await first.engine.track([device.view(ids[20]!, 'early')])
    await first.engine.stop()
    device.log.readMs = 300
    const { engine } = await device.page({ consent: GRANTED })
    const answer = (await rank(engine)) as Ranking
    expect(answer.reasons.flat().map(({ item }) => item)).toContain(ids[20])
  })

  it('loses and repeats no event, and its own events come first', async () => {
    const { device, release, engine } = await waiting()
    const again = { ...device.view(ids[20]!), id: 'early' }
    const tracked = engine.track([device.view(ids[30]!, 'late'), again])
    await rank(engine)
    expect((await engine.status()).events).toEqual({ session: 2, stored: 0 })
    release()
    expect((await tracked).sort()).toEqual(['early', 'late'])
    expect((await engine.export()).events.map(({ id }) => id)).toEqual(['early', 'late'])
    expect(await device.log.count()).toBe(2)
    expect((await engine.status()).events.stored).toBe(2)
  })

  it('brings back nothing that was denied meanwhile', async () => {
    const { device, release, engine } = await waiting()
    void engine.track([device.view(ids[30]!, 'late')])
    const denied = engine.setConsent({ state: 'denied' })
    release()
    await denied
    expect((await engine.export()).events).toEqual([])
    expect(await device.log.count()).toBe(0)
  })
})

describe('lists that were shown', () => {
  const shown = async (engine: EngineApi) => (await engine.export()).lists.map(({ requestId }) => requestId)
  const rankAs = (engine: EngineApi, requestId: string) =>
    engine.rank({ requestId, ids, slot: 'home', limit: 40 })

  it('are written together, after the answers', async () => {
    const device = new Device()
    const { engine } = await device.page({ consent: GRANTED })
    for (const name of ['r1', 'r2', 'r3']) await rankAs(engine, name)
    expect(device.log.writes).toBe(0)
    await vi.waitFor(async () => expect(await device.log.lists()).toHaveLength(3))
    expect(device.log.writes).toBe(1)
    const next = await device.page({ consent: GRANTED })
    expect(await shown(next.engine)).toEqual(['r1', 'r2', 'r3'])
  })

  it('are written with the next event', async () => {
    const device = new Device()
    const { engine } = await device.page({ consent: GRANTED })
    await rankAs(engine, 'r1')
    await engine.track([device.view(ids[3]!)])
    expect(await device.log.lists()).toHaveLength(1)
    expect(device.log.writes).toBe(1)
  })

  it('are written before the worker is stopped', async () => {
    const device = new Device()
    const { engine } = await device.page({ consent: GRANTED })
    await rankAs(engine, 'r1')
    await engine.stop()
    expect(await device.log.lists()).toHaveLength(1)
  })

  it('that could not be written are written later', async () => {
    const device = new Device()
    const { engine } = await device.page({ consent: GRANTED })
    // The page is being left.
    device.record = ''
    device.log.permit = async (write) => (device.record ? write() : undefined)
    await rankAs(engine, 'r1')
    expect(await engine.track([device.view(ids[3]!)])).toEqual([])
    // It comes back.
    device.record = GRANTED.grant
    expect(await shown(engine)).toEqual(['r1'])
    expect(await device.log.lists()).toHaveLength(1)
    expect(await device.log.count()).toBe(1)
  })

  it('by earlier pages are not read for an answer, but for an event that may belong to one', async () => {
    const device = new Device()
    const first = await device.page({ consent: GRANTED })
    await rankAs(first.engine, 'r1')
    await first.engine.stop()
    device.log.listings = 0
    const { engine } = await device.page({ consent: GRANTED })
    await engine.recommend({ requestId: 'r2', slot: 'cart', limit: 3, exclude: [] })
    await engine.track([device.view(ids[3]!)])
    await engine.track([{ ...device.view(ids[3]!, 'click'), name: 'select_item', slot: 'home' }])
    expect(
      (await device.log.events({ days: 180, events: 5000 }, Date.now())).find(({ id }) => id === 'click'),
    ).toMatchObject({ requestId: 'r1' })
    expect((await engine.export()).events.at(-1)).toMatchObject({ requestId: 'r1' })
  })
})

describe('while the consent manager has not spoken', () => {
  const PENDING: Decision = { state: 'unknown', grant: 'granted:1' }

  it('stored data is not read for ranking, not added to and not erased', async () => {
    const device = new Device()
    const first = await device.page({ consent: GRANTED })
    await first.engine.track([device.view(ids[20]!)])
    const { engine } = await device.page({ consent: PENDING })
    expect(order(await rank(engine))).toEqual(inOrder)
    await engine.track([device.view(ids[3]!)])
    await settle()
    expect(await device.log.count()).toBe(1)
    expect((await engine.status()).events.stored).toBe(0)
  })

  it('export shows stored data, forget erases it, and a grant continues with it', async () => {
    const device = new Device()
    const first = await device.page({ consent: GRANTED })
    await first.engine.track([device.view(ids[20]!), device.view(ids[21]!)])
    const { engine } = await device.page({ consent: PENDING })
    expect(await engine.export()).toMatchObject({ consent: 'unknown', kept: 'disk' })
    expect((await engine.export()).events).toHaveLength(2)
    await engine.forget(ids[20]!)
    expect(await device.log.count()).toBe(1)
    await engine.setConsent(GRANTED)
    expect((await engine.export()).events.map(({ items }) => items[0]!.item_id)).toEqual([ids[21]])
    await engine.forget()
    expect(await device.log.count()).toBe(0)
  })
})

describe('without the record of a grant', () => {
  it('data that an earlier page stored is erased', async () => {
    const device = new Device()
    const first = await device.page({ consent: GRANTED })
    await first.engine.track([device.view(ids[20]!)])
    await device.page({ consent: { state: 'unknown' } })
    await settle()
    expect(await device.log.count()).toBe(0)
  })

  it('reports data that cannot be erased, and forget does not claim that it was erased', async () => {
    const device = new Device()
    device.log.wipe = () => Promise.reject(new Error('blocked'))
    const { engine, events } = await device.page()
    expect(await engine.export()).toMatchObject({ kept: 'disk' })
    await expect(engine.forget()).rejects.toThrow(/could not be erased/)
    await settle()
    expect(events).toContainEqual({ type: 'trouble', message: expect.stringMatching(/blocked/) })
  })

  it('everything is kept in memory only, and the page is told', async () => {
    const device = new Device()
    const { engine, events } = await device.page({ consent: { state: 'granted' } })
    const event = device.view(ids[20]!)
    expect(await engine.track([event])).toEqual([event.id])
    expect(await device.log.count()).toBe(0)
    expect((await engine.export()).kept).toBe('memory')
    await settle()
    expect(events.some(({ type }) => type === 'trouble')).toBe(true)
  })
})

describe('an event that the disk does not take', () => {
  it('is not acknowledged, so the page keeps it, and is not counted as stored', async () => {
    const device = new Device()
    const { engine } = await device.page({ consent: GRANTED })
    await engine.export()
    device.record = undefined
    expect(await engine.track([device.view(ids[20]!)])).toEqual([])
    expect(await device.log.count()).toBe(0)
    expect((await engine.status()).events).toEqual({ session: 1, stored: 0 })
  })
})

describe('a grant with a new record', () => {
  it('means that there was a denial in between: what this page knew is forgotten', async () => {
    const device = new Device()
    const { engine } = await device.page({ consent: GRANTED })
    await engine.track([device.view(ids[20]!)])
    await device.log.wipe()
    await rank(engine)
    await engine.setConsent({ state: 'granted', grant: 'granted:2' })
    expect((await engine.export()).events).toEqual([])
    expect(await device.log.count()).toBe(0)
    const explained = await engine.explain(ids[0]!)
    expect(explained).toMatchObject({ known: true, because: [] })
    expect(explained).not.toHaveProperty('list')
  })
})

describe('a denial', () => {
  it('wipes memory and disk in every tab, and nothing is learned afterwards', async () => {
    const device = new Device()
    const one = await device.page({ consent: GRANTED })
    const other = await device.page({ consent: GRANTED })
    await one.engine.track([device.view(ids[1]!)])
    await settle()
    await one.engine.setConsent({ state: 'denied' })
    await settle()
    expect(await device.log.count()).toBe(0)
    expect(await device.store.list()).toEqual([])
    for (const { engine, events } of [one, other]) {
      expect(await rank(engine)).toEqual({ by: 'server', why: 'denied' })
      await engine.track([device.view(ids[2]!)])
      expect(await engine.export()).toMatchObject({ consent: 'denied', kept: 'nothing', events: [] })
      expect(events).toContainEqual({ type: 'consent', state: 'denied' })
    }
    expect(await device.log.count()).toBe(0)
  })

  it('can be followed by a grant', async () => {
    const device = new Device()
    const { engine } = await device.page({ consent: { state: 'denied' } })
    await engine.setConsent(GRANTED)
    await engine.track([device.view(ids[2]!)])
    expect((await rank(engine)).by).toBe('device')
    expect(await device.log.count()).toBe(1)
  })
})

describe('packs', () => {
  const original = () => readFileSync(manifestFile)
  const withManifest = async (
    change: (manifest: Record<string, unknown>) => void,
    run: () => Promise<void>,
  ) => {
    const before = original()
    const manifest = JSON.parse(before.toString())
    change(manifest)
    writeFileSync(manifestFile, JSON.stringify(manifest))
    try {
      await run()
    } finally {
      writeFileSync(manifestFile, before)
    }
  }

  it('without a pack, keeps the server’s order', async () => {
    const device = new Device()
    device.online = false
    const { engine, events } = await device.page()
    expect(await rank(engine)).toEqual({ by: 'server', why: 'no-pack' })
    expect(events.some(({ type }) => type === 'pack-error')).toBe(true)
    expect((await engine.status()).pack.error).toMatch(/manifest.json/)
  })

  it('a disabled release switches off the open page that asks for it', async () => {
    const device = new Device()
    const first = await device.page({ consent: GRANTED })
    await rank(first.engine)
    await settle()
    await withManifest(
      (manifest) => Object.assign(manifest, { disabled: true, sequence: 2 }),
      async () => {
        const second = await device.page({ consent: GRANTED })
        await rank(second.engine)
        await vi.waitFor(async () =>
          expect(await rank(second.engine)).toEqual({ by: 'server', why: 'disabled' }),
        )
      },
    )
  })

  it('keeps the last good pack when a new one fails its golden checks, and does not fetch the new one again', async () => {
    const device = new Device()
    const first = await device.page({ consent: GRANTED })
    await rank(first.engine)
    await settle()
    await withManifest(
      (manifest) => {
        manifest.sequence = 2
        ;(manifest.golden as { scores: number[] }[])[0]!.scores[0]! += 1
      },
      async () => {
        const second = await device.page({ consent: GRANTED })
        await rank(second.engine)
        await vi.waitFor(() =>
          expect(second.events).toContainEqual({
            type: 'pack-error',
            message: expect.stringMatching(/self-test/),
          }),
        )
        expect((await second.engine.status()).pack).toMatchObject({ state: 'ready', sequence: 1 })
        device.requests = []
        const third = await device.page({ consent: GRANTED })
        expect((await rank(third.engine)).by).toBe('device')
        await settle(50)
        expect(device.requests).toEqual(['manifest.json'])
        expect((await third.engine.status()).pack).toMatchObject({ state: 'ready', sequence: 1 })
      },
    )
  })
})
