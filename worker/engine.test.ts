import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import {
  Device,
  GRANTED,
  ids,
  inOrder,
  manifestFile,
  order,
  rank,
  settle,
  withShop,
} from './fixtures/device.js'
import type { Decision, EngineApi, Ranking, WireEvent } from './protocol.js'

withShop()

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
