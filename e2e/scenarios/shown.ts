/** The device remembers which lists it has shown, and events belong to them. The visitor can export and erase both. */
import type { Nearside, TrackDetails } from '../../src/api.js'
import { mixed, sku } from '../goods.js'
import { scenario } from '../scenario.js'
import { EMPTY, shop } from '../shop.js'

const LAMPS = [0, 1, 2].map((n) => sku('lamp', n))

const page = globalThis as unknown as { nearside: Nearside }

const acts = {
  ...shop,
  async rankIn(slot: string, ids: string[], timeout?: number) {
    const { requestId, by, items } = await page.nearside.rank(ids, { slot, timeout })
    return { requestId, by, ids: items.map(({ id }) => id) }
  },
  recommendIn: async (slot: string) => (await page.nearside.recommend({ slot, limit: 4 })).requestId,
  trackWith: (name: string, details: TrackDetails) => page.nearside.track(name, details),
  lists: async () => (await page.nearside.export())?.lists ?? [],
  lastEvent: async () => (await page.nearside.export())?.events.at(-1),
}

export default scenario({
  name: 'lists that were shown',
  everywhere: true,
  acts,
  tests: {
    'are in the export, with request, slot, order, and who ordered them': async ({ open, expect }) => {
      const tab = await open()
      await tab.run('create')
      await tab.run('ready')
      await tab.run('view', ...LAMPS)
      const ranked = await tab.run('rankIn', 'home', mixed())
      const late = await tab.run('rankIn', 'late', mixed(8), 0)
      const picks = await tab.run('recommendIn', 'cart')
      expect([ranked.by, late.by]).toEqual(['device', 'server'])
      const lists = await tab.run('lists')
      expect(lists).toEqual([
        {
          requestId: ranked.requestId,
          slot: 'home',
          by: 'device',
          ids: ranked.ids,
          time: expect.any(Number),
        },
        { requestId: late.requestId, slot: 'late', by: 'server', ids: mixed(8), time: expect.any(Number) },
        expect.objectContaining({ requestId: picks, slot: 'cart', by: 'device' }),
      ])
      expect(await tab.run('stored')).toEqual(EMPTY)
    },

    'get the events that name their slot, with the positions': async ({ open, expect }) => {
      const tab = await open()
      await tab.run('create')
      await tab.run('ready')
      await tab.run('view', ...LAMPS)
      const first = await tab.run('rankIn', 'home', mixed())
      const second = await tab.run('rankIn', 'home', mixed())
      const third = second.ids[2]!
      await tab.run('trackWith', 'select_item', { item_list_id: 'home', items: [{ item_id: third }] })
      expect(await tab.run('lastEvent')).toMatchObject({
        slot: 'home',
        requestId: second.requestId,
        items: [{ item_id: third, position: 2 }],
      })
      // If the page names a list and a position, these count.
      await tab.run('trackWith', 'select_item', {
        requestId: first.requestId,
        items: [{ item_id: third, index: 5 }],
      })
      expect(await tab.run('lastEvent')).toMatchObject({
        slot: 'home',
        requestId: first.requestId,
        items: [{ item_id: third, position: 5 }],
      })
      // An item that no list has shown belongs to no list.
      await tab.run('trackWith', 'select_item', { slot: 'home', items: [{ item_id: 'unlisted' }] })
      expect(await tab.run('lastEvent')).not.toHaveProperty('requestId')
      await tab.run('trackWith', 'view_item', { items: [{ item_id: third }] })
      expect(await tab.run('lastEvent')).not.toHaveProperty('requestId')
    },

    'are kept under a grant, so that a click that leads to the next page belongs to them': async ({
      open,
      expect,
    }) => {
      const tab = await open()
      await tab.run('create', { consent: 'granted' })
      await tab.run('ready')
      await tab.run('view', ...LAMPS)
      const { requestId, ids } = await tab.run('rankIn', 'home', mixed())
      await tab.run('events')
      await tab.reload()
      await tab.run('create')
      await tab.run('trackWith', 'add_to_cart', { slot: 'home', items: [{ item_id: ids[1]! }] })
      expect(await tab.run('lastEvent')).toMatchObject({
        requestId,
        items: [{ item_id: ids[1], position: 1 }],
      })
    },

    'lose a forgotten item, and are erased when everything is forgotten': async ({ open, expect }) => {
      const tab = await open()
      await tab.run('create', { consent: 'granted' })
      await tab.run('ready')
      const { ids } = await tab.run('rankIn', 'home', mixed(8))
      expect(await tab.run('forget', ids[3])).toBe(true)
      const left = ids.map((id, i) => (i === 3 ? '' : id))
      expect((await tab.run('lists')).map((list) => list.ids)).toEqual([left])
      await tab.reload()
      await tab.run('create')
      expect((await tab.run('lists')).map((list) => list.ids)).toEqual([left])
      expect(await tab.run('forget')).toBe(true)
      expect(await tab.run('lists')).toEqual([])
      await tab.reload()
      await tab.run('create')
      expect(await tab.run('lists')).toEqual([])
    },

    'are not remembered after a denial': async ({ open, expect }) => {
      const tab = await open()
      await tab.run('create', { consent: 'granted' })
      await tab.run('ready')
      await tab.run('rankIn', 'home', mixed(8))
      await tab.run('deny')
      await tab.run('rankIn', 'home', mixed(8))
      expect(await tab.run('lists')).toEqual([])
      await tab.run('nothingStored')
    },
  },
})
