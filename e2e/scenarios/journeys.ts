/** A whole visit to a shop's page: by npm import and by script tag, from the shop's own origin and from a CDN. */
import { mixed, share, sku } from '../goods.js'
import type { Stage, Tab } from '../scenario.js'
import { scenario } from '../scenario.js'
import { shop } from '../shop.js'

const acts = {
  ...shop,
  /** Calls that a page makes before the script has loaded. The stub queues them. */
  queued: async () => {
    const { early } = globalThis as unknown as { early: Promise<unknown>[] }
    return (await Promise.all(early)).map((answer) => typeof answer)
  },
  async objects() {
    const products = mixed(12).map((id) => ({ item_id: id, name: `The ${id}` }))
    const { nearside } = globalThis as unknown as { nearside: import('../../src/api.js').Nearside }
    const { items } = await nearside.rank(products, { limit: 4 })
    return {
      same: items.every(({ item }) => products.includes(item)),
      different: new Set(items.map(({ item }) => item)).size,
      positions: items.map(({ position }) => position),
    }
  },
  /** Tracks and ranks in the same task. */
  trackAndRank(viewed: string[], ids: string[]) {
    for (const id of viewed) shop.track('view_item', id)
    return shop.rank(ids)
  },
  globals: () => Object.keys(globalThis).filter((name) => /nearside/i.test(name)),
}
type Acts = typeof acts

/** The whole visit on one page: first nothing is known, then three lamps are viewed, then the page calls every method. */
async function journey(tab: Tab<Acts>, { expect }: Stage<Acts>): Promise<void> {
  expect((await tab.run('ready')).pack).toMatchObject({ state: 'ready', from: 'network', sequence: 1 })
  const before = await tab.run('rank', mixed())
  expect(before).toMatchObject({ by: 'device', ids: mixed() })

  await tab.run('view', sku('lamp', 0), sku('lamp', 1), sku('lamp', 2))
  const after = await tab.run('rank', mixed(), { reasons: true })
  expect(after.by).toBe('device')
  expect(after.ids.toSorted()).toEqual(mixed().toSorted())
  expect(share(after.ids, 'lamp')).toBe(8)
  expect(after.codes[0]).not.toBeNull()

  const exclude = [sku('lamp', 3), sku('lamp', 4)]
  const picks = await tab.run('recommend', { limit: 8, exclude })
  expect(picks.by).toBe('device')
  expect(picks.ids).toHaveLength(8)
  expect(share(picks.ids, 'lamp')).toBeGreaterThanOrEqual(6)
  expect(picks.ids.filter((id) => exclude.includes(id))).toEqual([])

  const similar = await tab.run('similar', sku('mug', 7), { limit: 5 })
  expect(share(similar.ids, 'mug', 5)).toBe(5)
  expect(similar.ids).not.toContain(sku('mug', 7))

  const explanation = await tab.run('explain', sku('lamp', 12))
  expect(explanation).toMatchObject({
    id: sku('lamp', 12),
    known: true,
    facts: { title: 'The lamp12', category: 'lamp' },
  })

  expect(await tab.run('objects')).toEqual({
    same: true,
    different: 12,
    positions: mixed(12).map((_, i) => i),
  })

  const data = await tab.run('data')
  expect(data).toMatchObject({ consent: 'unknown', kept: 'memory', sentBytes: 0 })
  expect(data?.events).toHaveLength(3)
  expect(await tab.run('forget', sku('lamp', 0))).toBe(true)
  expect(await tab.run('events')).toEqual([
    ['view_item', sku('lamp', 1)],
    ['view_item', sku('lamp', 2)],
  ])
  expect(await tab.run('forget')).toBe(true)
  expect(await tab.run('events')).toEqual([])
  expect((await tab.run('rank', mixed())).ids).toEqual(mixed())
  expect(tab.errors).toEqual([])
}

const tag = (base: string, pack: string) =>
  `<script async src="${base}/nearside/nearside.js" data-pack="${pack}" data-consent="unknown"></script>`

export default scenario({
  name: 'journeys',
  everywhere: true,
  acts,
  tests: {
    'by npm import': async (stage) => {
      const tab = await stage.open()
      await tab.run('create')
      await journey(tab, stage)
    },

    'by npm import, everything from another origin': async (stage) => {
      const tab = await stage.open()
      await tab.run(
        'create',
        { pack: `${stage.site.cdn}/packs/shop/` },
        `${stage.site.cdn}/nearside/index.js`,
      )
      await journey(tab, stage)
    },

    'by npm import, with the worker inline': async (stage) => {
      const tab = await stage.open()
      await tab.run('create', {}, '/nearside/inline.js')
      await journey(tab, stage)
    },

    'by script tag': async (stage) => {
      const tab = await stage.open(stage.page({ head: tag('', '/packs/shop/') }))
      await journey(tab, stage)
    },

    'by script tag, everything from another origin': async (stage) => {
      const { cdn } = stage.site
      const tab = await stage.open(stage.page({ head: tag(cdn, `${cdn}/packs/shop/`) }))
      await journey(tab, stage)
    },

    'by script tag with the stub: early calls are answered': async ({ open, page, site, expect }) => {
      // The script arrives long after the page's own calls.
      site.change(/nearside\.js$/, async (answer) => {
        await new Promise((resolve) => setTimeout(resolve, 300))
        return answer
      })
      const stub = await site.read('/nearside/stub.js')
      const calls = `
        nearside.track('view_item', { items: [{ item_id: 'lamp00' }] })
        early = [nearside.rank(['mug10', 'lamp10'], { timeout: 9000 }), nearside.status(), nearside.export()]`
      const tab = await open(
        page({ head: `<script>${stub}</script><script>${calls}</script>${tag('', '/packs/shop/')}` }),
      )
      expect(await tab.run('queued')).toEqual(['object', 'object', 'object'])
      expect(await tab.run('events')).toEqual([['view_item', sku('lamp', 0)]])
      expect(tab.errors).toEqual([])
    },

    'events tracked just before a call count for its answer': async ({ open, expect }) => {
      const tab = await open()
      await tab.run('create')
      await tab.run('ready')
      const lamps = [0, 1, 2].map((n) => sku('lamp', n))
      const { ids } = await tab.run('trackAndRank', lamps, mixed())
      expect(share(ids, 'lamp')).toBe(8)
    },

    'the page gets no other global variable': async ({ open, page, expect }) => {
      const tab = await open(page({ head: tag('', '/packs/shop/') }))
      await tab.run('ready')
      expect(await tab.run('globals')).toEqual(['nearside'])
    },

    'a pack of another origin without CORS is refused, and the server\u2019s order stands': async ({
      open,
      site,
      expect,
    }) => {
      site.change(/^\/packs\//, (answer) => ({
        ...answer,
        headers: { 'Access-Control-Allow-Origin': 'null' },
      }))
      const tab = await open()
      await tab.run('create', { pack: `${site.cdn}/packs/shop/` })
      expect((await tab.run('ready')).pack).toMatchObject({
        state: 'failed',
        error: expect.stringContaining('CORS'),
      })
      expect(await tab.run('rank', mixed())).toMatchObject({ by: 'server', why: 'no-pack', ids: mixed() })
    },

    'mistakes in the options are reported once, and the server\u2019s order stands': async ({
      open,
      expect,
    }) => {
      const tab = await open()
      await tab.run('create', { pack: '' })
      expect(await tab.run('rank', mixed())).toMatchObject({ by: 'server', why: 'error', ids: mixed() })
      expect(tab.errors).toEqual([expect.stringContaining('pack is "", expected /packs/shop/')])
    },
  },
})
