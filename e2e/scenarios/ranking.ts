/** How a shop says how its lists are made: for all lists, for a slot, in a call and in the HTML. */
import type { Nearside, RankOptions, Rule } from '../../src/api.js'
import { LAMPS, mixed, share, sku } from '../goods.js'
import { above, below, IDS, lists, TAG } from '../lists.js'
import { scenario } from '../scenario.js'

const client = () => (globalThis as unknown as { nearside: Nearside }).nearside

/** The goods as objects, with what the pack does not know of them. */
const goods = mixed(24).map((id, i) => ({ id, stock: i % 3, seller: i % 2 ? 'Ay' : 'Bee' }))

const acts = {
  ...lists,
  /** Ranks the objects. Functions cannot be passed from the test, so it names the readers. */
  async rankGoods(options: RankOptions<(typeof goods)[number]>, ...readers: ('facts' | 'score' | 'fixed')[]) {
    const known = {
      facts: ({ stock, seller }: (typeof goods)[number]) => ({ stock, seller }),
      score: ({ id }: (typeof goods)[number]) => (id.startsWith('rug') ? 1e6 : 0),
      fixed: (_: unknown, index: number) => index < 5,
    }
    const read = Object.fromEntries(readers.map((name) => [name, known[name]]))
    const { items, by, broken } = await client().rank(goods, { timeout: 9000, ...options, ...read })
    return { by, ids: items.map(({ id }) => id), broken: broken ?? [] }
  },
  prefer: (tastes: Parameters<Nearside['prefer']>[0]) => client().prefer(tastes),
  async picks() {
    const { items } = await client().recommend({ limit: 8, timeout: 9000 })
    return items.map(({ id }) => id)
  },
  /** Ranks with options that make no sense. Some of them cannot even be sent to the worker. */
  async nonsense() {
    const options: unknown[] = [
      { rules: [{}] },
      { rules: {} },
      { variety: () => 7 },
      { explore: [[[]]] },
      { reasons: Symbol('yes') },
      { rules: document },
      { facts: 7, score: 'price', fixed: [0], key: {} },
    ]
    return Promise.all(options.map((one) => acts.rankGoods(one as never)))
  },
  /** How many reasons a list has, of any item. */
  async reasonsOf(options: RankOptions<string>) {
    const { items } = await client().rank(mixed(), { timeout: 9000, ...options })
    return items.filter(({ reasons }) => reasons.length > 0).length
  },
}

const first = (id: string): Rule => ({ kind: 'pin', position: 0, where: { ids: [id] } })
const tag = (options: object) => `<script>nearsideOptions = ${JSON.stringify(options)}</script>${TAG}`

export default scenario({
  name: 'how lists are made',
  everywhere: true,
  acts,
  tests: {
    'a call wins over its slot, and the slot over the shop, by script tag': async ({
      open,
      page,
      expect,
    }) => {
      const head = tag({
        ranking: { rules: [{ kind: 'exclude', where: { ids: [sku('lamp', 10)] } }] },
        slots: { home: { rules: [first(sku('rug', 11))] } },
      })
      const tab = await open(page({ head }))
      await tab.run('ready')
      await tab.run('view', ...LAMPS)
      const other = await tab.run('rank', mixed(), { slot: 'other', timeout: 9000 })
      expect(other.ids.at(-1)).toBe(sku('lamp', 10))
      expect(share(other.ids, 'lamp', 8)).toBeGreaterThanOrEqual(6)
      const home = await tab.run('rank', mixed(), { slot: 'home', timeout: 9000 })
      expect([home.ids[0], home.ids.at(-1)]).toEqual([sku('rug', 11), sku('lamp', 10)])
      const call = await tab.run('rank', mixed(), {
        slot: 'home',
        rules: [first(sku('mug', 12))],
        timeout: 9000,
      })
      expect([call.ids[0], call.ids.at(-1)]).toEqual([sku('mug', 12), sku('lamp', 10)])
      expect(call.ids.toSorted()).toEqual(mixed().toSorted())
      expect(tab.errors).toEqual([])
    },

    'the page says what it knows of its items': async ({ open, page, expect }) => {
      const tab = await open(page({ head: TAG }))
      await tab.run('ready')
      await tab.run('view', ...LAMPS)
      const soldOut: Rule = { kind: 'exclude', where: { attribute: 'stock', atMost: 0 } }
      const { ids } = await tab.run('rankGoods', { rules: [soldOut] }, 'facts')
      const inStock = mixed(24).filter((_, i) => i % 3 !== 0)
      expect(ids.slice(0, 16).toSorted()).toEqual(inStock.toSorted())
      const one: Rule = { kind: 'cap', by: 'seller', most: 2, within: 4 }
      const capped = await tab.run('rankGoods', { rules: [one] }, 'facts')
      const sellers = capped.ids.slice(0, 4).map((id) => mixed(24).indexOf(id) % 2)
      expect(sellers.toSorted()).toEqual([0, 0, 1, 1])
    },

    'items that the page holds in place stay there': async ({ open, page, expect }) => {
      const tab = await open(page({ head: TAG }))
      await tab.run('ready')
      await tab.run('view', ...LAMPS)
      const { ids } = await tab.run('rankGoods', {}, 'fixed')
      expect(ids.slice(0, 5)).toEqual(mixed(24).slice(0, 5))
      expect(share(ids.slice(5), 'lamp', 4)).toBe(4)
    },

    'a rule that stands against a stronger one is reported': async ({ open, page, expect }) => {
      const tab = await open(page({ head: TAG }))
      await tab.run('ready')
      const rules: Rule[] = [
        { ...first(sku('mug', 12)), name: 'mug first' },
        { ...first(sku('rug', 12)), name: 'rug first' },
      ]
      const { ids, broken } = await tab.run('rankGoods', { rules })
      expect(ids[0]).toBe(sku('rug', 12))
      expect(broken).toEqual([{ rule: 'mug first', kind: 'pin', items: 1 }])
    },

    'rules, facts and scores in the HTML count too': async ({ open, page, expect }) => {
      const tab = await open(page({ head: TAG }))
      await tab.run('ready')
      await tab.run('grant')
      await tab.run('view', ...LAMPS)
      await tab.run('packStored')
      const rules: Rule[] = [
        first(sku('rug', 12)),
        { kind: 'exclude', where: { attribute: 'available', is: false } },
        { kind: 'exclude', where: { attribute: 'unit_price', above: 20 } },
      ]
      const items = IDS.map((id, i) => {
        const price = id === sku('lamp', 11) ? 25 : 5
        return `<li data-nearside-item="${id}" data-nearside-available="${id !== sku('lamp', 10)}" data-nearside-unit_price="${price}" data-nearside-score="${i}">${id}</li>`
      })
      const list = `<ul data-nearside-rank="home" data-nearside-ranking='${JSON.stringify({ rules })}'>${items.join('')}</ul>`
      await tab.goto(page({ head: TAG, body: above(2000) + list + below }))
      expect(await tab.run('decided')).toEqual(['device', null])
      const order = await tab.run('order')
      expect(order[0]).toBe(sku('rug', 12))
      expect(order.slice(-2).toSorted()).toEqual([sku('lamp', 10), sku('lamp', 11)])
      expect(order.toSorted()).toEqual(IDS.toSorted())

      await tab.goto(page({ head: TAG, body: above(2000) + list.replace('[{', '[{{') + below }))
      expect(await tab.run('decided')).toEqual(['server', 'error'])
      expect(await tab.run('order')).toEqual(IDS)
    },

    'nonsense changes no list, and the console says what is wrong': async ({ open, page, expect }) => {
      const head = tag({ ranking: { rules: 'none', reasons: 7 }, slots: 7, live: {}, strengths: 'strong' })
      const tab = await open(page({ head }))
      await tab.run('ready')
      await tab.run('view', ...LAMPS)
      for (const { by, ids } of await tab.run('nonsense')) {
        expect(by).toBe('device')
        expect(ids.toSorted()).toEqual(mixed(24).toSorted())
      }
      expect(tab.errors).toEqual([])
    },

    'what a visitor says they like counts before the first event': async ({ open, page, expect }) => {
      const tab = await open(page({ head: TAG }))
      await tab.run('ready')
      await tab.run('prefer', { categories: ['rug'] })
      expect(share(await tab.run('picks'), 'rug', 8)).toBeGreaterThanOrEqual(5)
      await tab.run('prefer', { categories: ['mug'], items: [sku('mug', 1)] })
      expect(share(await tab.run('picks'), 'mug', 8)).toBeGreaterThanOrEqual(5)
      const data = await tab.run('data')
      expect(data?.events.map(({ name, prefer }) => [name, prefer])).toEqual([
        ['prefer', { categories: ['rug'] }],
        ['prefer', { categories: ['mug'] }],
      ])
    },

    '"less like this" keeps an item and its like out of the picks, and can be taken back': async ({
      open,
      page,
      expect,
    }) => {
      const tab = await open(page({ head: TAG }))
      await tab.run('ready')
      await tab.run('view', ...LAMPS)
      const before = await tab.run('picks')
      await tab.run('track', 'less_like_this', before[0]!)
      expect(await tab.run('picks')).not.toContain(before[0])
      const ranked = await tab.run('rank', [before[0]!, ...mixed(8)], { timeout: 9000 })
      expect(ranked.ids.at(-1)).toBe(before[0])
      await tab.run('track', 'undo_less_like_this', before[0]!)
      expect(await tab.run('picks')).toEqual(before)
    },

    'a preference of the last moment is kept for the next page': async ({ open, page, expect }) => {
      const tab = await open(page({ head: TAG }))
      await tab.run('ready')
      await tab.run('grant')
      await tab.run('packStored')
      await tab.run('prefer', { categories: ['rug'], price: { min: 1, max: '20' } })
      await tab.goto(page({ head: TAG }))
      await tab.run('ready')
      const data = await tab.run('data')
      expect(data?.events.map(({ prefer }) => prefer)).toEqual([
        { categories: ['rug'], price: { min: 1, max: 20 } },
      ])
    },

    'reasons of a ranked list come where they are asked for': async ({ open, page, expect }) => {
      const tab = await open(page({ head: tag({ slots: { why: { reasons: true } } }) }))
      await tab.run('ready')
      await tab.run('view', ...LAMPS)
      expect(await tab.run('reasonsOf', {})).toBe(0)
      expect(await tab.run('reasonsOf', { reasons: true })).toBeGreaterThan(0)
      expect(await tab.run('reasonsOf', { slot: 'why' })).toBeGreaterThan(0)
      expect(await tab.run('reasonsOf', { slot: 'why', reasons: false })).toBe(0)
    },
  },
})
