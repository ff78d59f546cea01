import { describe, expect, it, vi } from 'vitest'
import { buried, content, Device, GRANTED, ids, rank, withShop } from './fixtures/device.js'
import type { EngineApi, EngineConfig, Ranking, Rule, WireEvent } from './protocol.js'

withShop()

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
